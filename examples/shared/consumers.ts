import type { Bridge, JavaConsumer, KafkaCluster } from '../../test/kafka-tool/index.ts'
import type { Stage } from './stage.ts'

/** An application that consumes as a group, on one cluster at a time, and remembers all that it has read. */
export class Consumers {
  readonly group: string
  readonly #stage: Stage
  readonly #bridge: Bridge
  readonly #topics: readonly string[]
  #read: readonly string[] = []
  #running: JavaConsumer | undefined

  constructor(stage: Stage, bridge: Bridge, group: string, topics: readonly string[]) {
    this.#stage = stage
    this.#bridge = bridge
    this.group = group
    this.#topics = topics
  }

  /** Values, in the order in which they came. */
  get read(): readonly string[] {
    return [...this.#read, ...(this.#running?.records.map(({ value }) => value ?? '') ?? [])]
  }

  /**
   * From now on, until stopped.
   * @param begin `earliest`: at the first record, on the first cluster; `none`: a partition where the group has no offset is an error
   */
  start(cluster: KafkaCluster, begin: 'earliest' | 'none', count?: number): void {
    const limit = count === undefined ? {} : { count }
    this.#running = this.#bridge.consume(cluster, { group: this.group, topics: this.#topics, reset: begin, ...limit })
    this.#stage.watch(this.#running.done)
  }

  /** Reads so many and leaves, its place committed. */
  async readSome(cluster: KafkaCluster, begin: 'earliest' | 'none', count: number): Promise<void> {
    this.start(cluster, begin, count)
    await this.#running?.done
    await this.stop()
  }

  /** Resolves once so many have been read, on all clusters together. */
  async awaitTotal(count: number): Promise<void> {
    await this.#running?.awaitRecords(count - this.#read.length)
  }

  /** Commits what was read, leaves the group. */
  async stop(): Promise<void> {
    await this.#running?.stop()
    this.#read = this.read
    this.#running = undefined
  }
}
