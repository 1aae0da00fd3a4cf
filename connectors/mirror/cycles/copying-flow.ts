import {
  DEFAULT_TOPICS,
  DEFAULT_TOPICS_EXCLUDE,
  DefaultTopicFilter,
  type ReplicationPolicy,
  shouldReplicateTopic,
  type TopicFilter,
} from '../../../policies/index.ts'

/** What decides whether a flow takes part in a circle that its own copies go round. */
export interface CopyingFlow {
  readonly name: string
  readonly source: string
  readonly target: string
  /** Settings of its source connector, resolved; `topics` and `topics.exclude` are valid. */
  readonly properties: Readonly<Record<string, string>>
  /** Where a setting stands in the file. */
  nameInFile(key: string): string
  /** Configured already. */
  readonly policy: ReplicationPolicy
  /** The class that chooses topics where it is not the default one. */
  readonly ownFilter?: string
}

export function includeOf({ properties }: CopyingFlow): string {
  return properties.topics ?? DEFAULT_TOPICS
}

export function excludeOf({ properties }: CopyingFlow): string {
  return properties['topics.exclude'] ?? DEFAULT_TOPICS_EXCLUDE
}

/** Tells of each topic whether the flow copies it, by the whole rule. A filter of one's own counts as choosing everything. */
export function copiedBy(flow: CopyingFlow): (topic: string) => boolean {
  const { policy, target, properties, ownFilter } = flow
  const selection = {
    policy,
    filter: ownFilter === undefined ? defaultFilter(properties) : everything,
    targetAlias: target,
    heartbeatsReplicationEnabled: properties['heartbeats.replication.enabled']?.trim().toLowerCase() !== 'false',
  }
  return topic => shouldReplicateTopic(selection, topic)
}

const everything: TopicFilter = { shouldReplicateTopic: () => true }

function defaultFilter(properties: CopyingFlow['properties']): TopicFilter {
  const filter = new DefaultTopicFilter()
  filter.configure(properties)
  return filter
}
