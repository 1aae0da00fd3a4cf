import { ConnectError } from '../../../framework/api/index.ts'
import { type LogOffsets, logOffsets } from '../../../framework/kafka/admin/log-offsets.ts'
import type { TopicMetadata } from '../../../framework/kafka/cluster.ts'
import type { FlowKnowledge } from '../translation/flow-translation.ts'
import type { FlowClusters } from './open-clusters.ts'
import type { PartitionProgress } from './situation.ts'

/** What the source of a flow has. */
export interface SourceLogs {
  readonly topics: ReadonlyMap<string, TopicMetadata>
  readonly starts: LogOffsets
  readonly ends: LogOffsets
}

/**
 * Rejects when a partition has no leader: what it has cannot be told, and must not be taken for nothing.
 * @param isWanted others are passed over
 */
export async function readLogs(
  clusters: FlowClusters,
  side: 'source' | 'target',
  isWanted: (topic: string) => boolean,
): Promise<SourceLogs> {
  return clusters.ask(side, 'asking where logs start and end', async cluster => {
    const all = await cluster.describeTopics(null)
    const topics = new Map([...all].filter(([name]) => isWanted(name)))
    const [starts, ends] = await Promise.all([
      logOffsets(cluster, topics.keys(), 'start'),
      logOffsets(cluster, topics.keys(), 'end'),
    ])
    for (const { name, partitions } of topics.values()) {
      if (starts.get(name)?.size !== partitions.length || ends.get(name)?.size !== partitions.length) throw leaderless(name)
    }
    return { topics, starts, ends }
  })
}

/**
 * How far a flow has copied each partition: by its stored offsets and by its map, whichever knows more.
 * @param stored of the last record copied, by `topic-partition`
 */
export function progressOf(
  { topics, starts, ends }: SourceLogs,
  stored: ReadonlyMap<string, number>,
  { map }: Pick<FlowKnowledge, 'map'>,
): PartitionProgress[] {
  return [...ends].flatMap(([topic, partitions]) =>
    [...partitions].map(([partition, logEnd]) => {
      const runs = map?.runsOf(topic, partition) ?? null
      const isOther = runs !== null && runs.topicId !== null && runs.topicId !== topics.get(topic)?.topicId
      const mapped = isOther ? 0 : (runs?.end?.source ?? 0)
      const copiedEnd = Math.max(mapped, (stored.get(`${topic}-${partition}`) ?? -1) + 1)
      return { topic, partition, logStart: starts.get(topic)?.get(partition) ?? 0, logEnd, copiedEnd }
    }),
  )
}

const leaderless = (topic: string): ConnectError =>
  new ConnectError('LEADER_NOT_AVAILABLE', `a partition of topic ${topic} has no leader at present`, {
    kind: 'retriable',
    stage: 'discovery',
  })
