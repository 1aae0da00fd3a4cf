import { type Cluster, check } from '../cluster.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { listOffsets, offsetForLeaderEpoch } from '../protocol/offsets.ts'
import type { ReaderSettings } from './settings.ts'

const CONSUMER_REPLICA_ID = -1
const ANY_EPOCH = -1
export const LATEST = -1
export const EARLIEST = -2
const READ_UNCOMMITTED = 0
const READ_COMMITTED = 1

export type Isolation = ReaderSettings['isolation']

export interface At {
  readonly topic: string
  readonly partition: number
  readonly leaderId: number
}

export interface ListedOffset {
  readonly errorCode: number
  /** -1 with an error. */
  readonly offset: number
}

/** Offsets of many partitions of one broker at once, in their order. */
export const listAt = async (
  cluster: Cluster,
  leaderId: number,
  partitions: readonly At[],
  timestamp: number,
  isolation: Isolation = 'read_uncommitted',
): Promise<ListedOffset[]> => {
  const connection = await cluster.connection(leaderId, 'control')
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic)
  const response = await connection.send(listOffsets, {
    replicaId: CONSUMER_REPLICA_ID,
    isolationLevel: isolation === 'read_committed' ? READ_COMMITTED : READ_UNCOMMITTED,
    topics: [...byTopic].map(([name, of]) => ({
      name,
      partitions: of.map(({ partition }) => ({ partition, currentLeaderEpoch: ANY_EPOCH, timestamp })),
    })),
  })
  const found = new Map(response.topics.map(({ name, partitions }) => [name, new Map(partitions.map(p => [p.partition, p]))]))
  return partitions.map(({ topic, partition }) => {
    const result = found.get(topic)?.get(partition)
    return { errorCode: result?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, offset: result?.offset ?? -1 }
  })
}

/** With the leaders that were last heard of; -1 = none. */
export const ledBy = (cluster: Cluster, partitions: readonly Omit<At, 'leaderId'>[]): readonly At[] =>
  partitions.map(({ topic, partition }) => ({
    topic,
    partition,
    leaderId: cluster.topic(topic)?.partitions[partition]?.leaderId ?? -1,
  }))

/** The first offsets of partitions, or those after their last replicated record (of a transaction that has ended, under read_committed), wherever their leaders are. Partitions without a leader get an error code. */
export const listLogOffsets = async (
  cluster: Cluster,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
  place: 'start' | 'end',
  isolation: Isolation = 'read_uncommitted',
): Promise<readonly ListedOffset[]> => {
  await cluster.describeTopics([...new Set(partitions.map(({ topic }) => topic))])
  const at = ledBy(cluster, partitions)
  const results = new Map<At, ListedOffset>()
  await Promise.all(
    [...Map.groupBy(at, ({ leaderId }) => leaderId)].map(async ([leaderId, of]) => {
      if (leaderId < 0) return
      const listed = await listAt(cluster, leaderId, of, place === 'start' ? EARLIEST : LATEST, isolation)
      for (const [i, partition] of of.entries()) results.set(partition, listed[i] as ListedOffset)
    }),
  )
  return at.map(partition => results.get(partition) ?? { errorCode: ErrorCode.LEADER_NOT_AVAILABLE, offset: -1 })
}

const offsetAt = async (cluster: Cluster, at: At, timestamp: number): Promise<number> => {
  const [result] = await listAt(cluster, at.leaderId, [at], timestamp)
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
  check(
    result?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    `asking for the end of epoch ${epoch} of ${at.topic}-${at.partition}`,
    'poll',
  )
  return result === undefined || result.endOffset < 0 ? null : { epoch: result.leaderEpoch, endOffset: result.endOffset }
}
