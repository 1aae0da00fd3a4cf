import {
  boolean,
  compactArray,
  compactNullableArray,
  compactNullableString,
  compactString,
  flexibleStruct,
  int16,
  int32,
  uuid,
  type ValueOf,
} from './codec.ts'
import { message } from './message.ts'

const response = flexibleStruct({
  throttleTimeMs: int32,
  brokers: compactArray(flexibleStruct({ nodeId: int32, host: compactString, port: int32, rack: compactNullableString })),
  clusterId: compactNullableString,
  controllerId: int32,
  topics: compactArray(
    flexibleStruct({
      errorCode: int16,
      name: compactString,
      topicId: uuid,
      isInternal: boolean,
      partitions: compactArray(
        flexibleStruct({
          errorCode: int16,
          partition: int32,
          leaderId: int32,
          leaderEpoch: int32,
          replicas: compactArray(int32),
          inSyncReplicas: compactArray(int32),
          offlineReplicas: compactArray(int32),
        }),
      ),
      authorizedOperations: int32,
    }),
  ),
  clusterAuthorizedOperations: int32,
})

/** Brokers, controller, and topics with their ids, leaders and leader epochs. `topics: null` = all. */
export const metadata = message({
  name: 'Metadata',
  apiKey: 3,
  version: 10,
  flexible: true,
  request: flexibleStruct({
    topics: compactNullableArray(flexibleStruct({ topicId: uuid, name: compactNullableString })),
    allowAutoTopicCreation: boolean,
    includeClusterAuthorizedOperations: boolean,
    includeTopicAuthorizedOperations: boolean,
  }),
  response,
})

export type MetadataResponse = ValueOf<typeof response>
