import { DefaultReplicationPolicy, type SeparatorOptions } from './default-replication-policy.ts'
import type { PolicyProperties } from './replication-policy.ts'

export interface IdentityOptions extends SeparatorOptions {
  readonly sourceClusterAlias?: string
}

/**
 * Topics keep their names. Nothing tells a copy from an original, so flows must not go in circles: only heartbeats, whose names
 * (anything that ends in `heartbeats`) are formed as by the default policy, are protected.
 */
export class IdentityReplicationPolicy extends DefaultReplicationPolicy {
  #sourceClusterAlias: string | null

  constructor(options: IdentityOptions = {}) {
    super(options)
    this.#sourceClusterAlias = options.sourceClusterAlias ?? null
  }

  /** Reads `source.cluster.alias` besides what the default policy reads. */
  override configure(properties: PolicyProperties): void {
    super.configure(properties)
    this.#sourceClusterAlias = properties['source.cluster.alias'] ?? this.#sourceClusterAlias
  }

  override formatRemoteTopic(sourceAlias: string, topic: string): string {
    return looksLikeHeartbeats(topic) ? super.formatRemoteTopic(sourceAlias, topic) : topic
  }

  override topicSource(topic: string): string | null {
    return looksLikeHeartbeats(topic) ? super.topicSource(topic) : this.#sourceClusterAlias
  }

  override upstreamTopic(topic: string): string | null {
    return looksLikeHeartbeats(topic) ? super.upstreamTopic(topic) : topic
  }
}

function looksLikeHeartbeats(topic: string): boolean {
  return topic.endsWith('heartbeats')
}
