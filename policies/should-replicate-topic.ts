import { isCycle } from './is-cycle.ts'
import type { ReplicationPolicy } from './replication-policy.ts'
import type { TopicFilter } from './topic-filter.ts'

export interface TopicSelection {
  readonly policy: ReplicationPolicy
  readonly filter: TopicFilter
  readonly targetAlias: string
  /** Copy heartbeats topics even where the filter leaves them out. */
  readonly heartbeatsReplicationEnabled: boolean
}

/** The whole rule: wanted, not internal, and not on its way back. */
export function shouldReplicateTopic(selection: TopicSelection, topic: string): boolean {
  const { policy, filter } = selection
  const wanted = filter.shouldReplicateTopic(topic) || (selection.heartbeatsReplicationEnabled && policy.isHeartbeatsTopic(topic))
  return wanted && !policy.isInternalTopic(topic) && !isCycle(policy, topic, selection.targetAlias)
}
