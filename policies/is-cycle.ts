import type { ReplicationPolicy } from './replication-policy.ts'

/** Whether a topic of the source has already been on the target, as its name tells. */
export function isCycle(policy: ReplicationPolicy, topic: string, targetAlias: string): boolean {
  let current = topic
  for (;;) {
    const source = policy.topicSource(current)
    if (source === null) return false
    if (source === targetAlias) return true
    const upstream = policy.upstreamTopic(current)
    if (upstream === null || upstream === current) return false
    current = upstream
  }
}
