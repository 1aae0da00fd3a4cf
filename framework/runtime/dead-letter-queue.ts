import { ConnectError, type EncodedRecords, type Logger, type SinkRecord, type SourceRecord } from '../api/index.ts'
import { type Deferred, deferred, Seldom } from '../flow/index.ts'
import { type ClientSettings, defaultClientSettings } from '../kafka/client-settings.ts'
import { Cluster } from '../kafka/cluster.ts'
import { RecordEncoder } from '../kafka/record-encoder.ts'
import { KafkaWriter } from '../kafka/writer/writer.ts'
import type { DeadLetterSettings } from './dead-letter-config.ts'
import { contextHeaders } from './dead-letter-headers.ts'
import { haveDeadLetterTopic } from './dead-letter-topic.ts'
import { messageOf } from './errors.ts'
import type { PartCallbacks } from './part-writer.ts'
import type { RecordErrorCounts } from './record-errors.ts'

export interface DeadLetterQueueOptions {
  readonly client: Pick<ClientSettings, 'bootstrapServers'> & Partial<ClientSettings>
  readonly settings: DeadLetterSettings
  /** `connector-0` */
  readonly taskId: string
  readonly counts: RecordErrorCounts
  readonly logger: Logger
  /** How long a record may take to be written: `delivery.timeout.ms` of Java's producer, two minutes by default. */
  readonly timeoutMs?: number
}

interface Letter {
  readonly record: SourceRecord
  readonly written: Deferred<void>
}

/** Letters on their way together. */
interface Sending {
  readonly letters: readonly Letter[]
  /** Batches that are not acknowledged. */
  left: number
  readonly timer: NodeJS.Timeout
}

const DELIVERY_TIMEOUT_MS = 120_000

/** Writes the records of one task that cannot be written elsewhere to a topic, those of one turn together. */
export class DeadLetterQueue {
  readonly #options: DeadLetterQueueOptions
  readonly #warnings = new Seldom()
  readonly #writer: KafkaWriter
  readonly #encoder: RecordEncoder
  readonly #sending = new Set<Sending>()
  #queue: Letter[] = []

  /**
   * Creates the topic where it is missing. Rejects with ConnectError when it cannot be had.
   * @param signal aborted = give up
   */
  static async open(options: DeadLetterQueueOptions, signal: AbortSignal): Promise<DeadLetterQueue> {
    const { client, settings, taskId, logger } = options
    const clientId = `connector-dlq-producer-${taskId}`
    const cluster = new Cluster({ ...defaultClientSettings, ...client, clientId }, logger)
    try {
      await haveDeadLetterTopic(cluster, settings, signal)
      return new DeadLetterQueue(options, cluster, await KafkaWriter.open(cluster, signal))
    } catch (error) {
      await cluster.close()
      throw error
    }
  }

  private constructor(options: DeadLetterQueueOptions, cluster: Cluster, writer: KafkaWriter) {
    this.#options = options
    this.#writer = writer
    this.#encoder = new RecordEncoder(cluster)
  }

  /**
   * Resolves when the brokers have it; rejects with ConnectError DEAD_LETTER_FAILED, or INTERRUPTED, retriable, when it is closed before.
   * @param record as it was
   */
  write({ key, value, headers, timestamp, ...place }: SinkRecord, error: ConnectError): Promise<void> {
    const { settings, taskId } = this.#options
    const about = settings.headers === 'none' ? [] : contextHeaders(taskId, { key, value, headers, timestamp, ...place }, error)
    const record = { topic: settings.topic, key, value, headers: [...headers, ...about], timestamp }
    const letter = { record, written: deferred() }
    if (this.#queue.push(letter) === 1) setImmediate(() => this.#send())
    return letter.written.promise
  }

  /** What is not written is given up. */
  async close(): Promise<void> {
    const { taskId, settings } = this.#options
    const message = `Task ${taskId} stops before ${settings.topic} has all the records that could not be written; they are delivered again`
    const given = [...this.#queue, ...[...this.#sending].flatMap(sending => (this.#ended(sending) ? sending.letters : []))]
    this.#queue = []
    for (const { written } of given)
      written.reject(new ConnectError('INTERRUPTED', message, { kind: 'retriable', stage: 'produce' }))
    await this.#writer.close()
  }

  #send(): void {
    const letters = this.#queue
    this.#queue = []
    if (letters.length === 0) return
    let batches: readonly EncodedRecords[]
    try {
      batches = this.#encoder.encode(letters.map(({ record }) => record))
    } catch (error) {
      this.#reject(letters, error)
      return
    }
    const { timeoutMs = DELIVERY_TIMEOUT_MS } = this.#options
    const sending: Sending = { letters, left: batches.length, timer: setTimeout(() => this.#late(sending, timeoutMs), timeoutMs) }
    this.#sending.add(sending)
    for (const batch of batches) this.#writer.append(batch, this.#callbacks, sending)
  }

  #late(sending: Sending, timeoutMs: number): void {
    this.#failed(sending, new ConnectError('TIMED_OUT', `not within ${timeoutMs} ms`, { kind: 'fatal', stage: 'produce' }))
  }

  readonly #callbacks: PartCallbacks = {
    acked: token => {
      const sending = token as Sending
      if (--sending.left > 0 || !this.#ended(sending)) return
      this.#options.counts.deadLetters += sending.letters.length
      for (const { written } of sending.letters) written.resolve()
    },
    refused: (token, error) => this.#failed(token as Sending, error),
    laneState: (topic, partition, state, cause) => {
      const { logger, taskId } = this.#options
      if (state === 'retrying')
        logger[this.#warnings.level('warn')](
          { error: cause },
          `Task ${taskId} tries to write to ${topic}-${partition} again: ${messageOf(cause)}`,
        )
    },
  }

  /** All of them: what was written of them is written once more after the task has been started again. */
  #failed(sending: Sending, cause: unknown): void {
    if (this.#ended(sending)) this.#reject(sending.letters, cause)
  }

  #reject(letters: readonly Letter[], cause: unknown): void {
    const { counts, taskId, settings } = this.#options
    const message = `Task ${taskId} cannot write a record to the dead-letter topic ${settings.topic}: ${messageOf(cause)}. The task fails rather than losing the record; mend the topic, then restart the task`
    counts.deadLetterFailures += letters.length
    for (const { written } of letters)
      written.reject(new ConnectError('DEAD_LETTER_FAILED', message, { kind: 'fatal', stage: 'produce', cause }))
  }

  /** False when it was before. */
  #ended(sending: Sending): boolean {
    clearTimeout(sending.timer)
    return this.#sending.delete(sending)
  }
}
