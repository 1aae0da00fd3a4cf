import type { ReplicationPolicy } from '../../../policies/index.ts'

/** What the names of one cluster's topics tell about the clusters that it has copies from. */
export class MirrorTopology {
  readonly #policy: ReplicationPolicy
  readonly #topics: readonly string[]

  /** @param topics names of all topics of the cluster */
  constructor(policy: ReplicationPolicy, topics: readonly string[]) {
    this.#policy = policy
    this.#topics = topics
  }

  /** The cluster's own and those copied to it. */
  heartbeatTopics(): readonly string[] {
    return this.#topics.filter(topic => this.#policy.isHeartbeatsTopic(topic))
  }

  checkpointTopics(): readonly string[] {
    return this.#topics.filter(topic => this.#policy.isCheckpointsTopic(topic))
  }

  /** Topics copied from other clusters, whichever way they came. @param source only those copied directly from this one */
  remoteTopics(source?: string): readonly string[] {
    return this.#topics.filter(topic => {
      const from = this.#policy.isInternalTopic(topic) ? null : this.#policy.topicSource(topic)
      return source === undefined ? from !== null : from === source
    })
  }

  /** Aliases of all clusters whose heartbeats arrive here, over however many others. */
  upstreamClusters(): readonly string[] {
    return [...new Set(this.heartbeatTopics().flatMap(topic => sourcesOf(this.#policy, topic)))]
  }

  /** How many flows lie between a cluster and this one, on the shortest way; -1 = its heartbeats do not arrive here. */
  replicationHops(upstreamAlias: string): number {
    const hops = this.heartbeatTopics()
      .map(topic => countHops(this.#policy, topic, upstreamAlias))
      .filter(count => count > 0)
    return hops.length === 0 ? -1 : Math.min(...hops)
  }
}

/** How many flows a topic has come through since it left a cluster; -1 = it does not come from there. */
export function countHops(policy: ReplicationPolicy, topic: string, alias: string): number {
  return sourcesOf(policy, topic).indexOf(alias) + 1 || -1
}

/** The clusters a topic has come through, the last one first. Ends where an alias comes again. */
function sourcesOf(policy: ReplicationPolicy, topic: string): readonly string[] {
  const sources: string[] = []
  let current: string | null = topic
  while (current !== null) {
    const source: string | null = policy.topicSource(current)
    if (source === null || sources.includes(source)) break
    sources.push(source)
    current = policy.upstreamTopic(current)
  }
  return sources
}
