import type { Subscription } from 'rxjs'
import type { Logger } from '../../../framework/api/index.ts'
import { Backoff, deferred, periodically, retryWithBackoff } from '../../../framework/flow/index.ts'
import { abortable } from '../../../framework/kafka/abortable.ts'
import type { TopicLog, TopicLogOptions } from '../../../framework/kafka/topic-log.ts'
import type { RunReporter } from '../observe/run-health.ts'
import { MapPartition } from './map-partition.ts'
import type { PartitionRuns } from './partition-runs.ts'
import type { RunChanges } from './run-list.ts'
import { segmentEntries } from './segment-entries.ts'
import { StoredMap } from './stored-map.ts'

const FLUSH_MS = 1_000
const RETRY_MS = { initialMs: 5_000, maxMs: 60_000 }

export interface OffsetMapWriterOptions {
  readonly topic: string
  readonly logger: Logger
  /** Reads the topic to its end: `TopicLog.open` on the target. */
  readonly open: (options: TopicLogOptions, signal: AbortSignal) => Promise<Pick<TopicLog, 'append' | 'close'>>
  /** Told how reading what was stored, and writing, go. */
  readonly reading?: RunReporter
  readonly writing?: RunReporter
}

/**
 * Keeps the maps of a task's partitions in their topic: what was stored is read in the background and put before what was copied meanwhile,
 * what changed is written every second and before source offsets are committed. Copying never waits for it: while the topic
 * cannot be read or written, maps grow in memory alone.
 */
export class OffsetMapWriter {
  readonly #options: OffsetMapWriterOptions
  readonly #partitions = new Map<string, MapPartition>()
  readonly #closing = new AbortController()
  #log: Pick<TopicLog, 'append' | 'close'> | null = null
  #opening: Promise<void> = Promise.resolve()
  /** Resolves when the topic has been read, or could not be at the first try. */
  readonly #tried = deferred<void>()
  #schedule: Subscription | null = null
  #flushing: Promise<void> = Promise.resolve()
  #failures = 0
  #isFailing = false

  constructor(options: OffsetMapWriterOptions) {
    this.#options = options
  }

  /** Writes that failed so far. */
  get failures(): number {
    return this.#failures
  }

  /** Before `start`. */
  add(topic: string, partition: number): MapPartition {
    const added = new MapPartition(topic, partition)
    this.#partitions.set(`${topic}-${partition}`, added)
    return added
  }

  start(): void {
    this.#opening = this.#open()
    const flushes$ = periodically(() => this.#flushInTurn(this.#closing.signal), { everyMs: FLUSH_MS, report: () => undefined })
    this.#schedule = flushes$.subscribe({ error: (error: unknown) => this.#failed(error) })
  }

  /**
   * Writes what changed, once the topic has been read or could not be.
   * Rejects when it could not be written, or with ABORTED; it is written with the next flush then.
   */
  async flush(signal: AbortSignal): Promise<void> {
    await abortable(this.#tried.promise, signal, `writing to topic ${this.#options.topic}`)
    await this.#flushInTurn(signal)
  }

  #flushInTurn(signal: AbortSignal): Promise<void> {
    const flush = this.#flushing.then(() => this.#flush(signal))
    this.#flushing = flush.catch(() => undefined)
    return flush
  }

  /** Writes nothing more: flush before. */
  async close(): Promise<void> {
    this.#schedule?.unsubscribe()
    this.#closing.abort()
    await this.#opening
    await this.#log?.close()
    this.#options.reading?.close()
    this.#options.writing?.close()
  }

  async #open(): Promise<void> {
    const { topic, open, logger, reading } = this.#options
    const load = async (): Promise<void> => {
      const stored = new StoredMap((name, partition) => this.#partitions.has(`${name}-${partition}`))
      const log = await open({ topic, onRecord: record => stored.put(record) }, this.#closing.signal)
      for (const partition of this.#partitions.values()) {
        const found = stored.runsOf(partition.topic, partition.partition)
        if (found !== null) partition.loaded(found)
      }
      this.#log = log
      this.#tried.resolve()
      reading?.succeeded()
    }
    const report = (error: unknown): void => {
      this.#tried.resolve()
      const message = `The offset map in ${topic} cannot be read, to be tried again: ${(error as Error).message}. Copying goes on; offsets are translated by offset syncs alone meanwhile`
      logger.warn({ err: error, topic }, message)
      reading?.failed(error, message)
    }
    try {
      await retryWithBackoff(load, {
        backoff: new Backoff(RETRY_MS),
        isRetriable: () => true,
        signal: this.#closing.signal,
        onRetry: report,
      })
    } catch (error) {
      if (!this.#closing.signal.aborted) report(error)
    }
  }

  async #flush(signal: AbortSignal): Promise<void> {
    const log = this.#log
    if (log === null || signal.aborted) return
    const taken: Taken[] = []
    for (const partition of this.#partitions.values()) {
      const { runs } = partition
      if (runs.isDirty) taken.push({ partition, runs, changes: runs.takeChanges() })
    }
    if (taken.length === 0) return
    try {
      const entries = taken.flatMap(({ partition: { topic, partition }, runs, changes }) =>
        segmentEntries(topic, partition, runs, changes),
      )
      await log.append(entries, signal)
      if (this.#isFailing) this.#options.logger.info({ topic: this.#options.topic }, 'The offset map is written again')
      this.#isFailing = false
      this.#options.writing?.succeeded()
    } catch (error) {
      for (const one of taken) giveBack(one)
      if (!this.#closing.signal.aborted) this.#failed(error)
      throw error
    }
  }

  #failed(error: unknown): void {
    this.#failures++
    const { logger, topic, writing } = this.#options
    const level = this.#isFailing ? 'debug' : 'warn'
    this.#isFailing = true
    const message = `The offset map could not be written to ${topic}, to be tried again: ${(error as Error).message}. Copying goes on`
    logger[level]({ err: error, topic, failures: this.#failures }, message)
    writing?.failed(error, message)
  }
}

interface Taken {
  readonly partition: MapPartition
  readonly runs: PartitionRuns
  readonly changes: RunChanges
}

/** Where the partition has begun anew since, what was not written need not be. */
function giveBack({ partition, runs, changes }: Taken): void {
  if (partition.runs === runs) runs.giveBack(changes)
  else partition.runs.forget([...changes.removed, ...changes.segments.map(({ number }) => number)])
}
