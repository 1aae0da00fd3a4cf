import { ConnectError } from '../../api/index.ts'
import { abortable } from '../abortable.ts'
import { BrokerError } from '../client-errors.ts'
import type { Cluster, TopicMetadata } from '../cluster.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { decodeProduce, encodeProduce, PRODUCE, type ProduceBatch } from '../protocol/produce.ts'
import { retrying } from '../retry.ts'
import { batchRounds, type TopicLogEntry } from './batches.ts'

const ALL_IN_SYNC = -1

/** Writes to a compacted topic with acks=all, one call after the other, so that a later value is never overtaken by an earlier one. */
export class TopicAppender {
  readonly #cluster: Cluster
  readonly #topic: string
  readonly #describe: () => Promise<TopicMetadata>
  #last: Promise<unknown> = Promise.resolve()

  constructor(cluster: Cluster, topic: string, describe: () => Promise<TopicMetadata>) {
    this.#cluster = cluster
    this.#topic = topic
    this.#describe = describe
  }

  append(entries: readonly TopicLogEntry[], signal: AbortSignal): Promise<void> {
    const write = this.#last.then(() => this.#write(entries, signal))
    this.#last = write.catch(() => undefined)
    return abortable(write, signal, `writing to topic ${this.#topic}`)
  }

  async #write(entries: readonly TopicLogEntry[], signal: AbortSignal): Promise<void> {
    if (signal.aborted || entries.length === 0) return
    const what = `writing to topic ${this.#topic}`
    const { partitions } = await retrying(this.#cluster, what, async () => this.#cluster.topic(this.#topic) ?? this.#describe(), {
      signal,
    })
    for (const round of batchRounds(this.#topic, entries, partitions.length, Date.now())) {
      let left: readonly ProduceBatch[] = round
      let topic = this.#cluster.topic(this.#topic)
      await retrying(
        this.#cluster,
        what,
        async () => {
          topic ??= await this.#describe()
          const failures = await this.#send(left, topic)
          topic = undefined
          left = failures.map(({ batch }) => batch)
          const worst = failures.find(({ error }) => !error.retriable) ?? failures[0]
          if (worst !== undefined) throw worst.error
        },
        { signal },
      )
    }
  }

  async #send(batches: readonly ProduceBatch[], topic: TopicMetadata): Promise<Failure[]> {
    const byLeader = Map.groupBy(batches, ({ partition }) => topic.partitions[partition]?.leaderId ?? -1)
    const failures = await Promise.all([...byLeader].map(([leaderId, mine]) => this.#sendTo(leaderId, mine)))
    return failures.flat()
  }

  async #sendTo(leaderId: number, batches: readonly ProduceBatch[]): Promise<Failure[]> {
    try {
      const connection = await this.#cluster.connection(leaderId, 'produce')
      const timeoutMs = this.#cluster.settings.requestTimeoutMs
      const body = await connection.sendRaw(PRODUCE, encodeProduce(batches, ALL_IN_SYNC, timeoutMs), 2 * timeoutMs)
      const results = decodeProduce(body).topics.flatMap(({ partitions }) => partitions)
      return batches.flatMap(batch => {
        const result = results.find(({ partition }) => partition === batch.partition)
        const errorCode = result?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        return errorCode === ErrorCode.NONE ? [] : [{ batch, error: this.#refusal(batch, errorCode, result?.errorMessage) }]
      })
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      return batches.map(batch => ({ batch, error }))
    }
  }

  #refusal({ partition, bytes }: ProduceBatch, errorCode: number, detail: string | null | undefined): ConnectError {
    const error = new BrokerError(errorCode, `writing ${bytes.length} bytes to ${this.#topic}-${partition}`, 'produce', detail)
    const hint = HINTS[error.code]
    if (hint === undefined) return error
    return new ConnectError(error.code, `${error.message}. ${hint}`, { kind: error.kind, stage: 'produce', cause: error })
  }
}

interface Failure {
  readonly batch: ProduceBatch
  readonly error: ConnectError
}

const HINTS: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: 'Grant WRITE on the topic',
  MESSAGE_TOO_LARGE: 'Raise max.message.bytes of the topic',
  INVALID_RECORD: 'Check cleanup.policy of the topic',
}
