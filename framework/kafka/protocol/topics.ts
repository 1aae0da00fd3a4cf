import { array, boolean, int8, int16, int32, nullableArray, nullableString, string, struct } from './codec.ts'
import { message } from './message.ts'

export const createTopics = message({
  name: 'CreateTopics',
  apiKey: 19,
  version: 4,
  flexible: false,
  request: struct({
    topics: array(
      struct({
        name: string,
        numPartitions: int32,
        replicationFactor: int16,
        assignments: array(struct({ partition: int32, brokers: array(int32) })),
        configs: array(struct({ name: string, value: nullableString })),
      }),
    ),
    timeoutMs: int32,
    validateOnly: boolean,
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(struct({ name: string, errorCode: int16, errorMessage: nullableString })),
  }),
})

export const createPartitions = message({
  name: 'CreatePartitions',
  apiKey: 37,
  version: 1,
  flexible: false,
  request: struct({
    topics: array(struct({ name: string, count: int32, assignments: nullableArray(struct({ brokers: array(int32) })) })),
    timeoutMs: int32,
    validateOnly: boolean,
  }),
  response: struct({
    throttleTimeMs: int32,
    results: array(struct({ name: string, errorCode: int16, errorMessage: nullableString })),
  }),
})

/** `resourceType` 2 = topic, 4 = broker. `configSource` 1 = the topic's own, 5 = default, others = broker settings. */
export const describeConfigs = message({
  name: 'DescribeConfigs',
  apiKey: 32,
  version: 2,
  flexible: false,
  request: struct({
    resources: array(struct({ resourceType: int8, resourceName: string, keys: nullableArray(string) })),
    includeSynonyms: boolean,
  }),
  response: struct({
    throttleTimeMs: int32,
    results: array(
      struct({
        errorCode: int16,
        errorMessage: nullableString,
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            value: nullableString,
            readOnly: boolean,
            configSource: int8,
            isSensitive: boolean,
            synonyms: array(struct({ name: string, value: nullableString, source: int8 })),
          }),
        ),
      }),
    ),
  }),
})

/** `operation` 0 = set, 1 = delete. */
export const incrementalAlterConfigs = message({
  name: 'IncrementalAlterConfigs',
  apiKey: 44,
  version: 0,
  flexible: false,
  request: struct({
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        configs: array(struct({ name: string, operation: int8, value: nullableString })),
      }),
    ),
    validateOnly: boolean,
  }),
  response: struct({
    throttleTimeMs: int32,
    responses: array(struct({ errorCode: int16, errorMessage: nullableString, resourceType: int8, resourceName: string })),
  }),
})
