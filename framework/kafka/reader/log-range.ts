import { check, type Cluster } from '../cluster.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { listOffsets, offsetForLeaderEpoch } from '../protocol/offsets.ts'

const CONSUMER_REPLICA_ID = -1
const ANY_EPOCH = -1
const LATEST = -1
const EARLIEST = -2

interface At {
  readonly topic: string
  readonly partition: number
  readonly leaderId: number
}

const offsetAt = async (cluster: Cluster, at: At, timestamp: number): Promise<number> => {
  const connection = await cluster.connection(at.leaderId, 'control')
  const response = await connection.send(listOffsets, {
    replicaId: CONSUMER_REPLICA_ID,
    isolationLevel: 0,
    topics: [{ name: at.topic, partitions: [{ partition: at.partition, currentLeaderEpoch: ANY_EPOCH, timestamp }] }],
  })
  const result = response.topics[0]?.partitions[0]
  check(result?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `listing offsets of ${at.topic}-${at.partition}`, 'poll')
  return result?.offset ?? -1
}

/** First offset in the log. */
export const logStart = (cluster: Cluster, at: At): Promise<number> => offsetAt(cluster, at, EARLIEST)

/** The offset after the last replicated record. */
export const logEnd = (cluster: Cluster, at: At): Promise<number> => offsetAt(cluster, at, LATEST)

/** Where the largest epoch not above `epoch` ends in the leader's log; null when the log holds none such. */
export const endOfEpoch = async (
  cluster: Cluster,
  at: At,
  epoch: number,
): Promise<{ readonly epoch: number; readonly endOffset: number } | null> => {
  const connection = await cluster.connection(at.leaderId, 'control')
  const response = await connection.send(offsetForLeaderEpoch, {
    replicaId: CONSUMER_REPLICA_ID,
    topics: [{ topic: at.topic, partitions: [{ partition: at.partition, currentLeaderEpoch: ANY_EPOCH, leaderEpoch: epoch }] }],
  })
  const result = response.topics[0]?.partitions[0]
  check(result?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `asking for the end of epoch ${epoch} of ${at.topic}-${at.partition}`, 'poll')
  return result === undefined || result.endOffset < 0 ? null : { epoch: result.leaderEpoch, endOffset: result.endOffset }
}
