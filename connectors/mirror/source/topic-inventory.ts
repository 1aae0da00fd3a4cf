import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { retrying } from '../../../framework/kafka/retry.ts'
import { type ReplicationPolicy, shouldReplicateTopic, type TopicFilter } from '../../../policies/index.ts'
import type { PartitionCounts } from './task-assignment.ts'

export interface InventoryOptions {
  readonly source: Cluster
  readonly target: Cluster
  readonly policy: ReplicationPolicy
  readonly topicFilter: TopicFilter
  readonly sourceAlias: string
  readonly targetAlias: string
  readonly heartbeatsReplicationEnabled: boolean
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

/** What there is to copy, and what of it is on the target already. */
export interface Inventory {
  /** Topics to copy. */
  readonly source: PartitionCounts
  /** All topics of the target. */
  readonly target: PartitionCounts
  /** Every topic of the source, the internal ones aside: for messages about filters. */
  readonly candidates: readonly string[]
}

const countsOf = async (
  cluster: Cluster,
  what: string,
  options: InventoryOptions,
): Promise<Map<string, { count: number; internal: boolean }>> => {
  const topics = await retrying(cluster, what, () => cluster.describeTopics(null), options)
  return new Map(
    [...topics].map(([name, { partitions, isInternal }]) => [name, { count: partitions.length, internal: isInternal }]),
  )
}

/** Looks at both clusters at once. */
export const takeInventory = async (options: InventoryOptions): Promise<Inventory> => {
  const [source, target] = await Promise.all([
    countsOf(options.source, `listing the topics of ${options.sourceAlias}`, options),
    countsOf(options.target, `listing the topics of ${options.targetAlias}`, options),
  ])
  const { policy, topicFilter, targetAlias, heartbeatsReplicationEnabled } = options
  const selection = { policy, filter: topicFilter, targetAlias, heartbeatsReplicationEnabled }
  const candidates = [...source].filter(([, { internal }]) => !internal).map(([name]) => name)
  const wanted = candidates.filter(topic => shouldReplicateTopic(selection, topic))
  return {
    source: new Map(wanted.map(topic => [topic, source.get(topic)?.count ?? 0])),
    target: new Map([...target].map(([topic, { count }]) => [topic, count])),
    candidates: candidates.filter(topic => !policy.isInternalTopic(topic)),
  }
}
