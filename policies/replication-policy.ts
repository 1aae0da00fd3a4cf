/** Keys and values as in a properties file. */
export type PolicyProperties = Readonly<Record<string, string>>

/**
 * Names topics across clusters. Pure: the same question always has the same answer between two calls of `configure`.
 * `configure` is called once, before anything else, with every property of the connector, unknown ones included.
 */
export interface ReplicationPolicy {
  configure?(properties: PolicyProperties): void
  /** Name on the target of `topic` copied from the cluster `sourceAlias`. */
  formatRemoteTopic(sourceAlias: string, topic: string): string
  /** Alias of the cluster a remote topic was copied from; null = not a remote topic. */
  topicSource(topic: string): string | null
  /** Name of a remote topic on the cluster it was copied from; null = not a remote topic. */
  upstreamTopic(topic: string): string | null
  /** Name of the topic on the cluster where it was written first. */
  originalTopic(topic: string): string
  heartbeatsTopic(): string
  /** Holds the offset pairs of a flow; the alias is that of the cluster the topic is not on. */
  offsetSyncsTopic(clusterAlias: string): string
  /** Holds the checkpoints of groups of the cluster `clusterAlias`. */
  checkpointsTopic(clusterAlias: string): string
  isHeartbeatsTopic(topic: string): boolean
  isCheckpointsTopic(topic: string): boolean
  isMM2InternalTopic(topic: string): boolean
  /** Never copied. */
  isInternalTopic(topic: string): boolean
}

/** Everything but the three names each policy decides on. */
export abstract class BaseReplicationPolicy implements ReplicationPolicy {
  abstract formatRemoteTopic(sourceAlias: string, topic: string): string
  abstract topicSource(topic: string): string | null
  abstract upstreamTopic(topic: string): string | null

  configure(_properties: PolicyProperties): void {
    return
  }

  originalTopic(topic: string): string {
    let current = topic
    for (;;) {
      const upstream = this.upstreamTopic(current)
      if (upstream === null || upstream === current) return current
      current = upstream
    }
  }

  heartbeatsTopic(): string {
    return 'heartbeats'
  }

  offsetSyncsTopic(clusterAlias: string): string {
    return `mm2-offset-syncs.${clusterAlias}.internal`
  }

  checkpointsTopic(clusterAlias: string): string {
    return `${clusterAlias}.checkpoints.internal`
  }

  isHeartbeatsTopic(topic: string): boolean {
    return this.originalTopic(topic) === this.heartbeatsTopic()
  }

  isCheckpointsTopic(topic: string): boolean {
    return topic.endsWith('.checkpoints.internal')
  }

  isMM2InternalTopic(topic: string): boolean {
    return topic.endsWith('.internal')
  }

  isInternalTopic(topic: string): boolean {
    return this.isMM2InternalTopic(topic) || /^(__|\.)|[-.]internal$/.test(topic)
  }
}
