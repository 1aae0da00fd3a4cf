import type { Logger } from '../../../framework/api/index.ts'
import { Backoff, Seldom, sleep } from '../../../framework/flow/index.ts'
import type { TopicLogEntry } from '../../../framework/kafka/topic-log.ts'
import { offsetSyncFormat } from '../formats/index.ts'
import type { RunReporter } from '../observe/run-health.ts'
import type { PartitionSyncs } from './partition-syncs.ts'
import { SyncQueue } from './sync-queue.ts'

/** Between two writes: what is due meanwhile goes out together, one pair per partition. */
const LINGER_MS = 100
const RETRY_MS = { initialMs: 1_000, maxMs: 60_000 }

export interface OffsetSyncWriterOptions {
  readonly topic: string
  readonly logger: Logger
  /** Appends to the topic in the order given. */
  readonly append: (entries: readonly TopicLogEntry[], signal: AbortSignal) => Promise<void>
  /** Told how writing goes. */
  readonly health?: RunReporter
  /** For tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Writes pairs of offsets to the offset-syncs topic in MirrorMaker 2's format, one write at a time, so that a newer pair is never
 * overtaken by an older one. Never holds up the copy: what cannot be written is counted, said and tried again, the newest pair of each
 * partition alone.
 */
export class OffsetSyncWriter {
  readonly queue = new SyncQueue()
  readonly #options: OffsetSyncWriterOptions
  readonly #closing = new AbortController()
  readonly #hurry = new AbortController()
  readonly #backoff = new Backoff(RETRY_MS)
  #running: Promise<void> | null = null
  #failures = 0
  readonly #warnings = new Seldom()

  constructor(options: OffsetSyncWriterOptions) {
    this.#options = options
  }

  /** Writes that failed so far. */
  get failures(): number {
    return this.#failures
  }

  /** A run of records was copied; arguments as of `PartitionSyncs.update`. */
  copied(partition: PartitionSyncs, upstream: number, downstream: number, count: number): void {
    this.queue.add(partition, upstream, downstream, count)
    if (this.#running === null && this.queue.hasPending) this.#start()
  }

  /** Source offsets are being committed: newer pairs go out even where they are not due. */
  promote(): void {
    this.queue.promoteDelayed()
    if (this.#running === null && this.queue.hasPending) this.#start()
  }

  /** Writes what there is, once, and ends; resolves at the latest when the signal aborts. */
  async close(signal: AbortSignal): Promise<void> {
    const giveUp = (): void => this.#closing.abort()
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
    this.#hurry.abort()
    this.promote()
    await this.#running
    signal.removeEventListener('abort', giveUp)
    this.#closing.abort()
    this.#options.health?.close()
  }

  #start(): void {
    if (this.#closing.signal.aborted) return
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    const { wait = sleep } = this.#options
    while (this.queue.hasPending && !this.#closing.signal.aborted) {
      const isWritten = await this.#write()
      if (!isWritten && this.#hurry.signal.aborted) break
      await wait(isWritten ? LINGER_MS : this.#backoff.next(), this.#hurry.signal)
    }
    this.#running = null
  }

  async #write(): Promise<boolean> {
    const { append, topic, logger, health } = this.#options
    const syncs = this.queue.takePending()
    try {
      await append(
        syncs.map(({ sync }) => ({ ...offsetSyncFormat.encode(sync), partition: 0 })),
        this.#closing.signal,
      )
      this.#backoff.reset()
      health?.succeeded()
      return true
    } catch (error) {
      this.queue.giveBack(syncs)
      if (this.#closing.signal.aborted) return false
      this.#failures++
      const message = `Offset syncs of ${syncs.length} partitions could not be written to ${topic}, to be tried again: ${(error as Error).message}. Copying goes on; translated offsets grow old meanwhile`
      logger[this.#warnings.level('warn')]({ err: error, topic, failures: this.#failures }, message)
      health?.failed(error, message)
      return false
    }
  }
}
