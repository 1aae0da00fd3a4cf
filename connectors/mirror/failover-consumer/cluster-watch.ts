import { sleep } from '../../../framework/flow/index.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { metadata } from '../../../framework/kafka/protocol/metadata.ts'

/** Looks within the time after which a cluster counts as gone. */
const LOOKS = 8
const SHORTEST_MS = 100
const LONGEST_MS = 3_000
/** One failure is none: the process itself may have been busy. */
const FAILURES = 2

const NO_TOPICS = {
  topics: [],
  allowAutoTopicCreation: false,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
}

/** Looks at a cluster again and again: it is gone when none of its brokers has answered for a time, whatever becomes of single connections. */
export class ClusterWatch {
  readonly #cluster: Cluster
  readonly #goneAfterMs: number
  readonly #onChange: () => void
  readonly #closing = new AbortController()
  #answeredAtMs = performance.now()
  #steadySinceMs: number | null = null
  #failures = 0
  #isGone = false
  #reason = ''
  #running: Promise<void> = Promise.resolve()

  /** @param cluster of its own, with times to wait below `goneAfterMs`; stays the caller's to close */
  constructor(cluster: Cluster, goneAfterMs: number, onChange: () => void) {
    this.#cluster = cluster
    this.#goneAfterMs = goneAfterMs
    this.#onChange = onChange
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** Why the last look failed; '' = it did not. */
  get reason(): string {
    return this.#reason
  }

  /** For how long every look was answered; -1 = the last one was not. */
  get steadyMs(): number {
    return this.#steadySinceMs === null ? -1 : performance.now() - this.#steadySinceMs
  }

  start(): void {
    this.#answeredAtMs = performance.now()
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    const everyMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.#goneAfterMs / LOOKS))
    while (!signal.aborted) {
      try {
        await this.#look()
        this.#answered()
      } catch (error) {
        if (!signal.aborted) this.#failed(error as Error)
      }
      await sleep(everyMs, signal)
    }
  }

  /** One answer is enough. */
  async #look(): Promise<void> {
    const known = this.#cluster.brokerIds
    try {
      if (known.length > 0) await Promise.any(known.map(id => this.#ask(id)))
      else await this.#cluster.describeTopics([])
    } catch {
      await this.#cluster.describeTopics([])
    }
  }

  async #ask(brokerId: number): Promise<void> {
    const connection = await this.#cluster.connection(brokerId, 'control')
    await connection.send(metadata, NO_TOPICS)
  }

  #answered(): void {
    this.#answeredAtMs = performance.now()
    this.#steadySinceMs ??= this.#answeredAtMs
    this.#failures = 0
    this.#reason = ''
    this.#become(false)
  }

  #failed(error: Error): void {
    this.#steadySinceMs = null
    this.#failures++
    this.#reason = error.message
    if (this.#failures >= FAILURES && performance.now() - this.#answeredAtMs >= this.#goneAfterMs) this.#become(true)
  }

  #become(isGone: boolean): void {
    if (isGone === this.#isGone) return
    this.#isGone = isGone
    this.#onChange()
  }
}
