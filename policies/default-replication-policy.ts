import { BaseReplicationPolicy, type PolicyProperties } from './replication-policy.ts'

export interface SeparatorOptions {
  /** Between alias and topic; default `.`. */
  readonly separator?: string
  /** Whether the internal topics' names use the separator too; default true. */
  readonly internalTopicSeparatorEnabled?: boolean
}

/** `orders` of cluster `A` becomes `A.orders`, so that flows may go both ways and in circles. */
export class DefaultReplicationPolicy extends BaseReplicationPolicy {
  #separator: string
  #internalSeparatorEnabled: boolean

  constructor(options: SeparatorOptions = {}) {
    super()
    this.#separator = options.separator ?? '.'
    this.#internalSeparatorEnabled = options.internalTopicSeparatorEnabled ?? true
  }

  /**
   * Reads `replication.policy.separator` and, only where that is given, `replication.policy.internal.topic.separator.enabled`.
   * What is absent stays as it was.
   */
  override configure(properties: PolicyProperties): void {
    const separator = properties['replication.policy.separator']
    if (separator === undefined) return
    this.#separator = separator
    const enabled = properties['replication.policy.internal.topic.separator.enabled']
    if (enabled !== undefined) this.#internalSeparatorEnabled = enabled.toLowerCase() === 'true'
  }

  override formatRemoteTopic(sourceAlias: string, topic: string): string {
    return sourceAlias + this.#separator + topic
  }

  override topicSource(topic: string): string | null {
    const parts = topic.split(this.#separator)
    const last = parts.findLastIndex(part => part !== '')
    return last < 1 ? null : (parts[0] ?? null)
  }

  override upstreamTopic(topic: string): string | null {
    const source = this.topicSource(topic)
    return source === null ? null : topic.slice(source.length + this.#separator.length)
  }

  override offsetSyncsTopic(clusterAlias: string): string {
    return `mm2-offset-syncs${this.#internalSeparator}${clusterAlias}${this.#internalSuffix}`
  }

  override checkpointsTopic(clusterAlias: string): string {
    return clusterAlias + this.#checkpointsSuffix
  }

  override isCheckpointsTopic(topic: string): boolean {
    return topic.endsWith(this.#checkpointsSuffix)
  }

  override isMM2InternalTopic(topic: string): boolean {
    return topic.endsWith(this.#internalSuffix)
  }

  get #internalSeparator(): string {
    return this.#internalSeparatorEnabled ? this.#separator : '.'
  }

  get #internalSuffix(): string {
    return `${this.#internalSeparator}internal`
  }

  get #checkpointsSuffix(): string {
    return `${this.#internalSeparator}checkpoints${this.#internalSuffix}`
  }
}
