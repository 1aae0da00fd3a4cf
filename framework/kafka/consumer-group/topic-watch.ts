import { sleep } from '../../flow/index.ts'
import type { Cluster } from '../cluster.ts'
import { compareText } from './assignor.ts'
import type { TopicSelection } from './options.ts'

/** Topics that do not exist yet are looked for more often than `metadata.max.age.ms`. */
const WAITING_LOOK_MS = 2_000

/** Which topics a member subscribes to, and, for the group's leader, how many partitions the topics of all members have. */
export class TopicWatch {
  readonly #cluster: Cluster
  readonly #selection: TopicSelection
  readonly #groupId: string
  #topics: readonly string[] = []
  #missing: readonly string[] = []
  #wanted: readonly string[] = []
  #counts: ReadonlyMap<string, number> | null = null

  constructor(cluster: Cluster, selection: TopicSelection, groupId: string) {
    this.#cluster = cluster
    this.#selection = selection
    this.#groupId = groupId
  }

  /** As last looked at, in order. */
  get topics(): readonly string[] {
    return this.#topics
  }

  /** Whether a topic that was asked for by name, or any that matches, does not exist yet. */
  get #isWaiting(): boolean {
    return this.#missing.length > 0 || this.#topics.length === 0
  }

  /** Looks again every `metadata.max.age.ms`, sooner while topics are missing, until the signal aborts. */
  async watch(signal: AbortSignal, changed: () => void): Promise<void> {
    const { metadataMaxAgeMs } = this.#cluster.settings
    while (!signal.aborted) {
      await sleep(this.#isWaiting ? Math.min(WAITING_LOOK_MS, metadataMaxAgeMs) : metadataMaxAgeMs, signal)
      if (signal.aborted) return
      try {
        if (await this.look()) changed()
      } catch (error) {
        this.#cluster.logger.debug({ err: error }, `Looking for new topics failed: ${(error as Error).message}`)
      }
    }
  }

  /** Looks again. True when this member's topics, or the partition counts it last assigned by, are others than before. */
  async look(): Promise<boolean> {
    const before = this.#topics
    this.#topics = await this.#select()
    if (String(before) !== String(this.#topics)) return true
    if (this.#counts === null) return false
    const now = await this.#partitionCounts(this.#wanted)
    return String([...now]) !== String([...this.#counts])
  }

  /** For the leader. Those that do not exist are left out, and noticed when they come into being. */
  async countPartitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    this.#wanted = [...new Set(topics)].sort(compareText)
    this.#counts = await this.#partitionCounts(this.#wanted)
    return this.#counts
  }

  /** Not the leader any more. */
  follow(): void {
    this.#counts = null
  }

  async #partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.#cluster.describeTopics(topics)
    return new Map(
      topics.flatMap(name => [[name, found.get(name)?.partitions.length ?? 0] as const]).filter(([, count]) => count > 0),
    )
  }

  async #select(): Promise<readonly string[]> {
    if ('topics' in this.#selection) {
      const topics = [...new Set(this.#selection.topics)].sort(compareText)
      const found = await this.#cluster.describeTopics(topics)
      this.#reportMissing(topics.filter(topic => !found.has(topic)))
      return topics
    }
    const { pattern } = this.#selection
    const found = await this.#cluster.describeTopics(null)
    const matching = [...found.values()]
      .filter(({ name, isInternal }) => !isInternal && pattern.test(name))
      .map(({ name }) => name)
    this.#reportMissing(matching.length === 0 ? [`matching ${pattern.source}`] : [])
    return matching.sort(compareText)
  }

  #reportMissing(missing: readonly string[]): void {
    if (missing.length > 0 && String(missing) !== String(this.#missing)) {
      const servers = this.#cluster.settings.bootstrapServers.join(',')
      const message = `Group ${this.#groupId} waits for topics that do not exist on ${servers}, or may not be described: ${missing.join(', ')}`
      this.#cluster.logger.warn({ groupId: this.#groupId, missing }, message)
    }
    this.#missing = missing
  }
}
