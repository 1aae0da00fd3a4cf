import { array, int8, int16, int32, int64, string, struct } from './codec.ts'
import { message } from './message.ts'

/** Offset by time: `timestamp` -1 = log end (last stable offset under read_committed), -2 = log start. */
export const listOffsets = message({
  name: 'ListOffsets',
  apiKey: 2,
  version: 5,
  flexible: false,
  request: struct({
    replicaId: int32,
    isolationLevel: int8,
    topics: array(
      struct({
        name: string,
        partitions: array(struct({ partition: int32, currentLeaderEpoch: int32, timestamp: int64 })),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
        partitions: array(struct({ partition: int32, errorCode: int16, timestamp: int64, offset: int64, leaderEpoch: int32 })),
      }),
    ),
  }),
})

/** Where the records of a leader epoch end in the leader's log: an end below one's own position means that the log was truncated. */
export const offsetForLeaderEpoch = message({
  name: 'OffsetForLeaderEpoch',
  apiKey: 23,
  version: 3,
  flexible: false,
  request: struct({
    replicaId: int32,
    topics: array(
      struct({
        topic: string,
        partitions: array(struct({ partition: int32, currentLeaderEpoch: int32, leaderEpoch: int32 })),
      }),
    ),
  }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(
      struct({
        topic: string,
        partitions: array(struct({ errorCode: int16, partition: int32, leaderEpoch: int32, endOffset: int64 })),
      }),
    ),
  }),
})
