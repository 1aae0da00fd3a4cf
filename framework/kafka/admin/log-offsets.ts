import type { Cluster, TopicMetadata } from '../cluster.ts'
import { check } from '../cluster.ts'
import { listOffsets } from '../protocol/offsets.ts'

const CONSUMER_REPLICA_ID = -1
const ANY_EPOCH = -1
const READ_UNCOMMITTED = 0
const TIMESTAMP = { start: -2, end: -1 } as const

/** Of each partition, by topic; a partition without a leader is left out. */
export type LogOffsets = ReadonlyMap<string, ReadonlyMap<number, number>>

/**
 * First offsets of partitions (`start`), or those after their last record whether committed or not (`end`), of every topic named that exists.
 * Rejects, retriably, when a leader does not answer or has changed.
 */
export const logOffsets = async (cluster: Cluster, topics: Iterable<string>, at: 'start' | 'end'): Promise<LogOffsets> => {
  const described = await cluster.describeTopics([...new Set(topics)])
  const found = new Map<string, Map<number, number>>([...described.keys()].map(topic => [topic, new Map()]))
  const byLeader = Map.groupBy(
    [...described.values()].flatMap(({ name, partitions }) => partitions.map(partition => ({ name, ...partition }))),
    ({ leaderId }) => leaderId,
  )
  byLeader.delete(-1)
  await Promise.all([...byLeader].map(([leaderId, partitions]) => askLeader(cluster, leaderId, partitions, at, found)))
  return found
}

type Led = TopicMetadata['partitions'][number] & { readonly name: string }

const askLeader = async (
  cluster: Cluster,
  leaderId: number,
  partitions: readonly Led[],
  at: keyof typeof TIMESTAMP,
  found: ReadonlyMap<string, Map<number, number>>,
): Promise<void> => {
  const connection = await cluster.connection(leaderId, 'control')
  const response = await connection.send(listOffsets, {
    replicaId: CONSUMER_REPLICA_ID,
    isolationLevel: READ_UNCOMMITTED,
    topics: [...Map.groupBy(partitions, ({ name }) => name)].map(([name, ofTopic]) => ({
      name,
      partitions: ofTopic.map(({ partition }) => ({ partition, currentLeaderEpoch: ANY_EPOCH, timestamp: TIMESTAMP[at] })),
    })),
  })
  for (const { name, partitions } of response.topics) {
    for (const { partition, errorCode, offset } of partitions) {
      check(errorCode, `asking for the ${at} of ${name}-${partition}`, 'discovery')
      found.get(name)?.set(partition, offset)
    }
  }
}
