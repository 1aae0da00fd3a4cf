import {
  array,
  boolean,
  compactArray,
  compactNullableArray,
  compactNullableString,
  compactString,
  flexibleStruct,
  int16,
  int32,
  int64,
  nullableString,
  string,
  struct,
} from './codec.ts'
import { message } from './message.ts'

/** Groups of which the asked broker is the coordinator, classic ones and those of KIP-848, with their states. */
export const listGroups = message({
  name: 'ListGroups',
  apiKey: 16,
  version: 4,
  flexible: true,
  request: flexibleStruct({ statesFilter: compactArray(compactString) }),
  response: flexibleStruct({
    throttleTimeMs: int32,
    errorCode: int16,
    groups: compactArray(flexibleStruct({ groupId: compactString, protocolType: compactString, groupState: compactString })),
  }),
})

const offsetTopics = compactArray(
  flexibleStruct({
    name: compactString,
    partitions: compactArray(
      flexibleStruct({
        partition: int32,
        committedOffset: int64,
        committedLeaderEpoch: int32,
        metadata: compactNullableString,
        errorCode: int16,
      }),
    ),
  }),
)

const noTopics = compactNullableArray(flexibleStruct({ name: compactString, partitions: compactArray(int32) }))

/** Committed offsets of many groups of one coordinator (Kafka 3.0 and later); `topics` null = all. */
export const offsetFetch = message({
  name: 'OffsetFetch',
  apiKey: 9,
  version: 8,
  flexible: true,
  request: flexibleStruct({
    groups: compactArray(flexibleStruct({ groupId: compactString, topics: noTopics })),
    requireStable: boolean,
  }),
  response: flexibleStruct({
    throttleTimeMs: int32,
    groups: compactArray(flexibleStruct({ groupId: compactString, topics: offsetTopics, errorCode: int16 })),
  }),
})

/** The same for one group, for older brokers. */
export const offsetFetchOfOne = message({
  name: 'OffsetFetch',
  apiKey: 9,
  version: 7,
  flexible: true,
  request: flexibleStruct({ groupId: compactString, topics: noTopics, requireStable: boolean }),
  response: flexibleStruct({ throttleTimeMs: int32, topics: offsetTopics, errorCode: int16 }),
})

export const offsetCommit = message({
  name: 'OffsetCommit',
  apiKey: 8,
  version: 7,
  flexible: false,
  request: struct({
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: nullableString,
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partition: int32,
            committedOffset: int64,
            committedLeaderEpoch: int32,
            metadata: nullableString,
          }),
        ),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(struct({ name: string, partitions: array(struct({ partition: int32, errorCode: int16 })) })),
  }),
})
