import { array, boolean, bytes, int8, int16, int32, nullableString, string, struct } from './codec.ts'
import { message } from './message.ts'

/** Which broker coordinates a group (`keyType` 0) or a transactional id (1). */
export const findCoordinator = message({
  name: 'FindCoordinator',
  apiKey: 10,
  version: 2,
  flexible: false,
  request: struct({ key: string, keyType: int8 }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullableString,
    nodeId: int32,
    host: string,
    port: int32,
  }),
})

export const joinGroup = message({
  name: 'JoinGroup',
  apiKey: 11,
  version: 5,
  flexible: false,
  request: struct({
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: int32,
    memberId: string,
    groupInstanceId: nullableString,
    protocolType: string,
    protocols: array(struct({ name: string, metadata: bytes })),
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    generationId: int32,
    protocolName: string,
    leader: string,
    memberId: string,
    members: array(struct({ memberId: string, groupInstanceId: nullableString, metadata: bytes })),
  }),
})

export const syncGroup = message({
  name: 'SyncGroup',
  apiKey: 14,
  version: 3,
  flexible: false,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: nullableString,
    assignments: array(struct({ memberId: string, assignment: bytes })),
  }),
  response: struct({ throttleTimeMs: int32, errorCode: int16, assignment: bytes }),
})

export const heartbeat = message({
  name: 'Heartbeat',
  apiKey: 12,
  version: 3,
  flexible: false,
  request: struct({ groupId: string, generationId: int32, memberId: string, groupInstanceId: nullableString }),
  response: struct({ throttleTimeMs: int32, errorCode: int16 }),
})

export const leaveGroup = message({
  name: 'LeaveGroup',
  apiKey: 13,
  version: 3,
  flexible: false,
  request: struct({ groupId: string, members: array(struct({ memberId: string, groupInstanceId: nullableString })) }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    members: array(struct({ memberId: string, groupInstanceId: nullableString, errorCode: int16 })),
  }),
})

export const describeGroups = message({
  name: 'DescribeGroups',
  apiKey: 15,
  version: 4,
  flexible: false,
  request: struct({ groups: array(string), includeAuthorizedOperations: boolean }),
  response: struct({
    throttleTimeMs: int32,
    groups: array(
      struct({
        errorCode: int16,
        groupId: string,
        state: string,
        protocolType: string,
        protocolData: string,
        members: array(
          struct({
            memberId: string,
            groupInstanceId: nullableString,
            clientId: string,
            clientHost: string,
            metadata: bytes,
            assignment: bytes,
          }),
        ),
        authorizedOperations: int32,
      }),
    ),
  }),
})
