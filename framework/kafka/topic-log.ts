import type { ConnectError } from '../api/index.ts'
import { Background, type Deferred, deferred } from '../flow/index.ts'
import { abortable } from './abortable.ts'
import { Cluster, type TopicMetadata } from './cluster.ts'
import type { FetchedBatch, FetchedRun } from './reader/fetched.ts'
import type { ReadPartition } from './reader/partition.ts'
import { KafkaReader } from './reader/reader.ts'
import { decodeBatch, RecordBatch } from './record-batch/index.ts'
import { retrying } from './retry.ts'
import { TopicAppender } from './topic-log/appender.ts'
import type { TopicLogEntry } from './topic-log/batches.ts'
import { Progress } from './topic-log/progress.ts'
import { readerEvents } from './topic-log/reader-events.ts'
import { describeTopic, stableEnds } from './topic-log/stable-ends.ts'

export type { TopicLogEntry } from './topic-log/batches.ts'

/** The partitions of a topic just created get their leaders within moments. */
const NEW_TOPIC_DELAY_MS = 100
/** How long a topic may be unknown to the brokers before it counts as missing. */
const MISSING_PATIENCE_MS = 30_000

/** Keys and values are views of a larger response: copy what is kept for long. */
export interface TopicLogRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch; -1 = none. */
  readonly timestamp: number
}

export interface TopicLogOptions {
  readonly topic: string
  /** Called for each record, in order per partition. What it throws is logged, and the record passed over. */
  readonly onRecord: (record: TopicLogRecord) => void
}

/**
 * A compacted topic as a table that several processes share: everything in it is read when it is opened, what others write is
 * read on demand or continuously, and entries are written by key. Committed records only. Leader changes and lost brokers are
 * waited out; the waiting ends with the caller's signal.
 */
export class TopicLog {
  readonly topic: string
  readonly #cluster: Cluster
  readonly #onRecord: (record: TopicLogRecord) => void
  readonly #reader: KafkaReader
  readonly #appender: TopicAppender
  readonly #partitions = new Map<number, { readonly read: ReadPartition; readonly progress: Progress }>()
  readonly #goals = new Set<Goal>()
  readonly #closing = new AbortController()
  readonly #background: Background
  readonly #missing = { sinceMs: null as number | null }
  #partitionCount = 0
  #tail: Deferred<void> | null = null
  #reading = true

  /**
   * Reads the whole topic. Rejects with the reason when it cannot be read (no authorization), TOPIC_MISSING when it has not existed for
   * 30 s, or ABORTED.
   * @param cluster where the topic is; stays the caller's to close
   */
  static async open(cluster: Cluster, options: TopicLogOptions, signal: AbortSignal): Promise<TopicLog> {
    const log = new TopicLog(cluster, options)
    try {
      await log.readToEnd(signal)
      return log
    } catch (error) {
      await log.close()
      throw error
    }
  }

  private constructor(cluster: Cluster, { topic, onRecord }: TopicLogOptions) {
    this.topic = topic
    this.#cluster = cluster
    this.#onRecord = onRecord
    this.#appender = new TopicAppender(cluster, topic, () => this.#describe())
    this.#background = new Background((error, name) => cluster.logger.error({ err: error, topic }, `${name} failed`))
    const events = readerEvents(cluster.logger, topic, {
      jumped: (read, from, to) => this.#jumped(read, from, to),
      rewound: (read, to) => this.#rewound(read, to),
      failed: (read, error) => this.#failed(read, error),
    })
    this.#reader = new KafkaReader(new Cluster(cluster.settings, cluster.logger), events)
    this.#background.run(`reading topic ${topic}`, () => this.#consume())
  }

  /** Resolves when all that was committed up to the moment of the call has been handed to `onRecord`. Calls may overlap. */
  async readToEnd(signal?: AbortSignal): Promise<void> {
    const limits = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal])
    const what = `reading topic ${this.topic} to its end`
    for (let outcome = 'moved'; outcome === 'moved'; ) {
      const ends = await abortable(
        retrying(this.#cluster, what, async () => stableEnds(this.#cluster, await this.#describe()), {
          signal: limits,
          maxDelayMs: NEW_TOPIC_DELAY_MS,
        }),
        limits,
        what,
      )
      outcome = await this.#reach(ends, limits, what)
    }
  }

  /** Keeps reading what is written until closed. Rejects when the topic can no longer be read. */
  tail(): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.resolve()
    this.#tail ??= deferred<void>()
    this.#steer()
    return this.#tail.promise
  }

  /**
   * Writes records with acks=all, in the order of the calls; neighbouring entries of a partition are appended as one batch, all or
   * none (up to 512 KB). Trouble with brokers is retried until `signal` aborts (ABORTED; what is under way may still be written);
   * rejects with a `ConnectError` that names the topic when a broker refuses.
   */
  append(entries: readonly TopicLogEntry[], signal: AbortSignal): Promise<void> {
    return this.#appender.append(entries, AbortSignal.any([signal, this.#closing.signal]))
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#reader.close()
    await this.#background.settled()
    this.#tail?.resolve()
  }

  #describe(): Promise<TopicMetadata> {
    return describeTopic(this.#cluster, this.topic, this.#missing, MISSING_PATIENCE_MS)
  }

  /** Number of partitions when the log was last read to its end. */
  get partitionCount(): number {
    return this.#partitionCount
  }

  async #reach(ends: ReadonlyMap<number, number>, signal: AbortSignal, what: string): Promise<'reached' | 'moved'> {
    const goal: Goal = { ends, outcome: deferred() }
    this.#goals.add(goal)
    this.#partitionCount = ends.size
    this.#read(ends.keys())
    this.#steer()
    this.#settle()
    try {
      return await abortable(goal.outcome.promise, signal, what)
    } finally {
      this.#goals.delete(goal)
      this.#steer()
    }
  }

  #read(partitions: Iterable<number>): void {
    const unread = [...partitions].filter(partition => !this.#partitions.has(partition))
    const reads = this.#reader.add(unread.map(partition => ({ topic: this.topic, partition, offset: 0 })))
    for (const read of reads) {
      if (!this.#reading) this.#reader.pause(read)
      this.#partitions.set(read.partition, { read, progress: new Progress() })
    }
  }

  /** Fetches only while somebody wants it. */
  #steer(): void {
    const wanted = this.#tail !== null || this.#goals.size > 0
    if (wanted === this.#reading) return
    this.#reading = wanted
    for (const { read } of this.#partitions.values()) wanted ? this.#reader.resume(read) : this.#reader.pause(read)
  }

  #settle(): void {
    for (const { ends, outcome } of this.#goals) {
      const behind = [...ends].some(([partition, end]) => (this.#partitions.get(partition)?.progress.offset ?? 0) < end)
      if (!behind) outcome.resolve('reached')
    }
  }

  async #consume(): Promise<void> {
    const { signal } = this.#closing
    for (let fetched = await this.#reader.next(signal); fetched !== null; fetched = await this.#reader.next(signal)) {
      for (const run of fetched.runs) this.#take(run)
      this.#settle()
    }
  }

  #take(run: FetchedRun): void {
    const mine = this.#partitions.get(run.partition.partition)
    if (mine?.read !== run.partition) return
    for (const batch of run.batches) this.#handOut(run.partition, batch)
    mine.progress.read(run.nextOffset)
  }

  #handOut({ name, partition }: ReadPartition, batch: FetchedBatch): void {
    const firstOffset = batch.lastOffset - batch.count + 1
    try {
      decodeBatch(new RecordBatch(batch.bytes), { verifyCrc: true }).forEach(({ key, value, timestamp }, index) => {
        const offset = batch.sourceOffsets?.[index] ?? firstOffset + index
        try {
          this.#onRecord({ key, value, partition, offset, timestamp })
        } catch (error) {
          this.#cluster.logger.warn(
            { err: error, topic: this.topic, partition, offset },
            `${name}: the record at offset ${offset} was passed over: ${messageOf(error)}`,
          )
        }
      })
    } catch (error) {
      this.#cluster.logger.error(
        { err: error, topic: this.topic, partition },
        `${name}: ${batch.count} records up to offset ${batch.lastOffset} were passed over: ${messageOf(error)}`,
      )
    }
  }

  #jumped(read: ReadPartition, from: number, to: number): void {
    this.#partitions.get(read.partition)?.progress.jump(from, to)
    this.#settle()
  }

  #rewound(read: ReadPartition, to: number): void {
    this.#partitions.get(read.partition)?.progress.rewind(to)
    for (const { outcome } of this.#goals) outcome.resolve('moved')
  }

  #failed(read: ReadPartition, error: ConnectError): void {
    this.#partitions.delete(read.partition)
    for (const { outcome } of this.#goals) outcome.reject(error)
    this.#tail?.reject(error)
    this.#tail = null
    this.#steer()
  }
}

interface Goal {
  readonly ends: ReadonlyMap<number, number>
  readonly outcome: Deferred<'reached' | 'moved'>
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
