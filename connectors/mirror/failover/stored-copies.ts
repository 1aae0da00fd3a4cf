import type { Cluster, TopicMetadata } from '../../../framework/kafka/cluster.ts'
import type { MirrorFlow } from '../config/index.ts'
import { openOffsets } from '../dedicated/open-offsets.ts'
import { positionOf, sourceOffset, sourcePartition } from '../source/source-position.ts'
import type { PlannedStart } from './start-plan.ts'

interface Place {
  readonly topic: string
  readonly partition: number
}

/**
 * Source offsets that a flow has stored, of the last record copied, by `topic-partition`; those of a topic that was created again since do not count.
 * Creates nothing.
 * @param cluster the flow's target
 * @param topics the flow's source's, as they are now
 */
export async function readStored(
  flow: MirrorFlow,
  cluster: Cluster,
  topics: ReadonlyMap<string, TopicMetadata>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const { offsetStorageTopic } = flow.worker
  if (!(await cluster.describeTopics([offsetStorageTopic])).has(offsetStorageTopic)) return new Map()
  const store = await openOffsets(flow, cluster, signal)
  try {
    const places: Place[] = [...topics.values()].flatMap(({ name, partitions }) =>
      partitions.map(({ partition }) => ({ topic: name, partition })),
    )
    const stored = await store.load(places.map(({ topic, partition }) => sourcePartition(flow.source, topic, partition)))
    const entries = places.flatMap(({ topic, partition }, i): [string, number][] => {
      const position = positionOf(stored[i] ?? null)
      const isOther = position !== null && position.topicId !== null && position.topicId !== topics.get(topic)?.topicId
      return position === null || isOther ? [] : [[`${topic}-${partition}`, position.offset]]
    })
    return new Map(entries)
  } finally {
    await store.close()
  }
}

/** Stores where a flow is to start, as if it had copied all before it. */
export async function storeStarts(
  flow: MirrorFlow,
  cluster: Cluster,
  starts: readonly PlannedStart[],
  signal: AbortSignal,
): Promise<void> {
  const store = await openOffsets(flow, cluster, signal)
  try {
    const entries = starts.map(
      ({ topic, partition, start, topicId }) =>
        [sourcePartition(flow.source, topic, partition), sourceOffset({ offset: start, topicId, leaderEpoch: -1 })] as const,
    )
    await store.save(entries, signal)
  } finally {
    await store.close()
  }
}
