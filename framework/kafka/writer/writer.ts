import type { ConnectError, EncodedRecords, Logger } from '../../api/index.ts'
import { Background } from '../../flow/index.ts'
import { BrokerError } from '../client-errors.ts'
import type { Cluster } from '../cluster.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import type { ProducedPartition, ProduceResponse } from '../protocol/produce.ts'
import type { AppendCallbacks } from './callbacks.ts'
import { Lane, type PendingPart, type SendBatch } from './lane.ts'
import { LeaderSearch } from './leader-search.ts'
import { isOfRecord, remedyFor } from './outcome.ts'
import { asConnectError } from './produce-failed.ts'
import { newProducerIdentity, type ProducerIdentity } from './producer-identity.ts'
import { refusal, tooLarge } from './refusal.ts'
import { Sender } from './sender.ts'
import { defaultWriterSettings, type WriterSettings } from './settings.ts'
import { splitSendBatch } from './split.ts'

/**
 * Appends record batches to topic partitions of one cluster as an idempotent producer: in order per target partition, each once as long
 * as the brokers remember us. Retriable failures are retried until `close`, reported by `laneState`; a final one fails its lane only.
 */
export class KafkaWriter {
  readonly #cluster: Cluster
  readonly #logger: Logger
  readonly #settings: WriterSettings
  readonly #identity: ProducerIdentity
  readonly #lanes = new Map<string, Lane[]>()
  readonly #senders = new Map<number, Sender>()
  readonly #closing = new AbortController()
  readonly #background: Background
  readonly #leaders: LeaderSearch
  readonly #flushes = new Set<() => void>()
  #callbacks: AppendCallbacks | null = null
  #pending = 0

  /** @param cluster the target; the writer's own, closed with it. */
  static async open(
    cluster: Cluster,
    signal: AbortSignal,
    settings: WriterSettings = defaultWriterSettings,
  ): Promise<KafkaWriter> {
    return new KafkaWriter(cluster, await newProducerIdentity(cluster, signal), settings)
  }

  private constructor(cluster: Cluster, identity: ProducerIdentity, settings: WriterSettings) {
    this.#cluster = cluster
    this.#logger = cluster.logger
    this.#identity = identity
    this.#settings = settings
    this.#background = new Background((error, name) => this.#logger.error({ err: error }, `${name} failed`))
    this.#leaders = new LeaderSearch(cluster, this.#background, this.#closing.signal, {
      found: lane => this.#resume(lane),
      missed: (lane, cause) => this.#report(lane, cause),
    })
  }

  /**
   * Queues one batch behind all earlier ones of its target partition. Never blocks: the caller bounds what is queued.
   * Exactly one of `acked` and `refused` is called for it, with `token`, unless the writer is closed first.
   */
  append(records: EncodedRecords, callbacks: AppendCallbacks, token: unknown): void {
    this.#callbacks = callbacks
    const lane = this.#lane(records.topic, records.partition)
    if (lane.failure !== null) {
      const { failure } = lane
      queueMicrotask(() => callbacks.refused(token, failure))
      return
    }
    this.#pending++
    lane.push({ records, token, bytes: records.bytes, acknowledged: 0, leftOut: 0, baseOffset: -1 })
    if (lane.leaderId >= 0) {
      if (lane.canSend) this.#sender(lane.leaderId).wake(lane)
    } else if (lane.state === 'flowing') this.#find(lane)
  }

  #lane(topic: string, partition: number): Lane {
    const known = this.#lanes.get(topic)
    const lanes = known ?? []
    if (known === undefined) this.#lanes.set(topic, lanes)
    const existing = lanes[partition]
    if (existing !== undefined) return existing
    const lane = new Lane(topic, partition, this.#identity)
    lane.leaderId = this.#cluster.topic(topic)?.partitions[partition]?.leaderId ?? -1
    lanes[partition] = lane
    return lane
  }

  #sender(nodeId: number): Sender {
    let sender = this.#senders.get(nodeId)
    if (sender === undefined) {
      sender = new Sender(this.#cluster, nodeId, this.#settings, {
        answered: (batches, response) => this.#answered(batches, response),
        lost: (batches, error) => this.#lost(batches, error),
        quiet: (lane, cause) => this.#report(lane, cause),
      })
      this.#senders.set(nodeId, sender)
    }
    return sender
  }

  #answered(batches: readonly SendBatch[], response: ProduceResponse): void {
    let i = 0
    for (const { name, partitions } of response.topics) {
      for (const result of partitions) {
        const expected = batches[i++]
        const isNext = expected?.lane.topic === name && expected.lane.partition === result.partition
        const batch = isNext ? expected : batches.find(({ lane }) => lane.topic === name && lane.partition === result.partition)
        if (batch !== undefined) this.#settle(batch, result)
      }
    }
  }

  #settle(batch: SendBatch, result: ProducedPartition): void {
    const { lane } = batch
    lane.landed(batch)
    if (lane.state === 'failed') return
    if (result.errorCode === ErrorCode.NONE) this.#acknowledge(batch, result.baseOffset)
    else if (result.errorCode === ErrorCode.DUPLICATE_SEQUENCE_NUMBER) this.#acknowledge(batch, -1)
    else {
      const what = `producing to ${lane.topic}-${lane.partition}`
      this.#failed(batch, new BrokerError(result.errorCode, what, 'produce', result.errorMessage), result)
    }
  }

  #acknowledge(batch: SendBatch, baseOffset: number): void {
    const { lane } = batch
    lane.acknowledged()
    let offset = baseOffset
    for (const { part, count } of batch.slices) {
      if (part.acknowledged === 0) part.baseOffset = offset
      else if (part.baseOffset + part.acknowledged !== offset) part.baseOffset = -1
      part.acknowledged += count
      if (offset >= 0) offset += count
      this.#ackIfWhole(lane, part)
    }
    if (lane.reported) {
      lane.reported = false
      this.#leaders.succeeded()
      this.#callbacks?.laneState(lane.topic, lane.partition, 'flowing')
    }
    if (lane.state === 'stalled') this.#remedyWhenQuiet(lane)
    else if (lane.canSend) this.#sender(lane.leaderId).wake(lane)
  }

  #ackIfWhole({ topic, partition }: Lane, { token, records, acknowledged, leftOut, baseOffset }: PendingPart): void {
    if (acknowledged < records.count) return
    this.#callbacks?.acked(token, topic, partition, baseOffset, records.count - leftOut)
    this.#resolved()
  }

  #resolved(): void {
    if (--this.#pending > 0) return
    for (const done of this.#flushes) done()
    this.#flushes.clear()
  }

  #lost(batches: readonly SendBatch[], cause: unknown): void {
    for (const batch of batches) {
      batch.lane.landed(batch)
      if (batch.lane.state !== 'failed') this.#failed(batch, asConnectError(cause), null)
    }
  }

  /** The first failure of a lane decides; those that follow it in flight are its consequence. */
  #failed(batch: SendBatch, error: ConnectError, result: ProducedPartition | null): void {
    const { lane } = batch
    lane.giveBack([batch])
    if (lane.state === 'flowing') {
      lane.state = 'stalled'
      lane.trouble = { batch, error, result }
      this.#logger.debug({ topic: lane.topic, partition: lane.partition, err: error }, error.message)
    }
    this.#remedyWhenQuiet(lane)
  }

  #remedyWhenQuiet(lane: Lane): void {
    const { trouble } = lane
    if (trouble === null || lane.inFlight.length > 0 || this.#closing.signal.aborted) return
    lane.trouble = null
    const { batch, error, result } = trouble
    const remedy = remedyFor(error, result?.recordErrors[0]?.batchIndex)
    if (remedy === 'retry') this.#retry(lane, error)
    else if (remedy === 'renew') this.#background.run('renewing the producer id', () => this.#renew(lane, error))
    else if (remedy === 'split') this.#split(lane, batch, error)
    else if (!this.#mayLeaveOut(batch, error)) this.#refuse(lane, refusal(batch, error, result))
    else if (batch.count > 1) this.#split(lane, batch, error)
    else this.#leaveOut(lane, batch, refusal(batch, error, result, 'leaves out'))
  }

  #mayLeaveOut({ slices }: SendBatch, error: ConnectError): boolean {
    const callbacks = this.#callbacks
    return isOfRecord(error) && slices.every(({ part }) => callbacks?.mayLeaveOut?.(part.token) === true)
  }

  #retry(lane: Lane, error: ConnectError): void {
    lane.detach()
    lane.reported = true
    this.#callbacks?.laneState(lane.topic, lane.partition, 'retrying', error)
    this.#find(lane)
  }

  #split(lane: Lane, batch: SendBatch, error: ConnectError): void {
    let pieces: SendBatch[] | null
    try {
      pieces = splitSendBatch(batch)
    } catch (cause) {
      this.#refuse(lane, refusal(batch, asConnectError(cause), null))
      return
    }
    if (pieces === null) {
      this.#background.run('describing a record that is too large', async () => {
        const mayLeaveOut = this.#mayLeaveOut(batch, error)
        const reason = await tooLarge(this.#cluster, batch, error, mayLeaveOut ? 'leaves out' : 'stops')
        if (mayLeaveOut) this.#leaveOut(lane, batch, reason)
        else this.#refuse(lane, reason)
      })
      return
    }
    if (batch.slices.length > 1) lane.noMoreJoins()
    lane.replace(batch, pieces)
    this.#resume(lane)
  }

  async #renew(lane: Lane, error: ConnectError): Promise<void> {
    this.#logger.warn(
      { topic: lane.topic, partition: lane.partition, err: error },
      `${lane.topic}-${lane.partition} on the target does not know this producer any more (${error.code}): going on under a new id; ` +
        'records in flight may arrive twice',
    )
    lane.renew(await newProducerIdentity(this.#cluster, this.#closing.signal))
    this.#resume(lane)
  }

  /** A single record that the target does not take. */
  #leaveOut(lane: Lane, batch: SendBatch, error: ConnectError): void {
    lane.leaveOut(batch)
    for (const { part, count } of batch.slices) {
      this.#callbacks?.leftOut?.(part.token, lane.topic, lane.partition, error)
      part.acknowledged += count
      part.leftOut += count
      part.baseOffset = -1
      this.#ackIfWhole(lane, part)
    }
    this.#resume(lane)
  }

  #refuse(lane: Lane, error: ConnectError): void {
    for (const part of lane.fail(error)) {
      this.#callbacks?.refused(part.token, error)
      this.#resolved()
    }
  }

  #resume(lane: Lane): void {
    lane.state = 'flowing'
    if (lane.canSend) this.#sender(lane.leaderId).wake(lane)
  }

  #find(lane: Lane): void {
    lane.state = 'stalled'
    this.#leaders.find(lane)
  }

  #report(lane: Lane, cause: ConnectError): void {
    lane.reported = true
    this.#callbacks?.laneState(lane.topic, lane.partition, 'retrying', cause)
  }

  async flush(signal?: AbortSignal): Promise<void> {
    if (this.#pending === 0 || signal?.aborted) return
    await new Promise<void>(resolve => {
      this.#flushes.add(resolve)
      signal?.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#callbacks = null
    await this.#cluster.close()
    await this.#background.settled().catch(error => this.#logger.debug({ err: error }, 'ended with the writer'))
  }
}
