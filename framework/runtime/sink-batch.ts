import { ConnectError, type ErrantRecordReporter, type SinkBatch, type SinkRecord, type SinkValue } from '../api/index.ts'
import type { Fetched, FetchedBatch, FetchedRun } from '../kafka/reader/fetched.ts'
import { decodeBatch, RecordBatch } from '../kafka/record-batch/index.ts'
import type { SinkLane } from './sink-lane.ts'
import type { SinkReading } from './sink-reading.ts'
import type { SinkMarks } from './sink-traces.ts'

/** Where reading goes on. */
export interface SinkPosition {
  readonly offset: number
  /** Leader epoch of the record before it; -1 = not known. */
  readonly leaderEpoch: number
}

export type SinkRun = Pick<FetchedRun, 'batches' | 'nextOffset' | 'leaderEpoch'>

/** When a run was asked for and had arrived, in milliseconds of `performance.now()`. */
export type SinkTimes = Pick<Fetched, 'requestedAt' | 'receivedAt'>

/**
 * `queued`: to be delivered, perhaps once more. `delivered`: with the task. The others are for good: `acked` wholly, or `released`: this run
 * of the task no longer cares, whatever was acknowledged of it before.
 */
export type QueuedState = 'queued' | 'delivered' | 'acked' | 'released'

/** A batch from its arrival until the acknowledged prefix has passed it: what the task sees, and what the runtime knows of it. */
export class QueuedBatch implements SinkBatch {
  readonly lane: SinkLane
  readonly firstOffset: number
  readonly lastOffset: number
  readonly count: number
  readonly byteLength: number
  /** Of its first record, in milliseconds since the epoch; -1 = none. */
  readonly firstTimestamp: number
  readonly signal: AbortSignal
  /** Where the partition goes on after it. */
  readonly end: SinkPosition
  state: QueuedState = 'queued'
  deliveries = 0
  /** When it arrived, in milliseconds of `performance.now()`. */
  receivedAt = 0
  /** The last time, of the same clock; 0 = not yet. */
  deliveredAtMs = 0
  /** Records before this offset are acknowledged. */
  ackedTo: number
  isRetrying = false
  /** For its spans; undefined = nobody makes any. */
  marks: SinkMarks | undefined
  readonly #reading: SinkReading
  #batches: readonly FetchedBatch[]
  #records: readonly SinkRecord[] | undefined
  #values: Promise<readonly SinkValue[]> | undefined

  /** @param batches at least one, in memory of their own */
  constructor(lane: SinkLane, batches: readonly FetchedBatch[], end: SinkPosition, reading: SinkReading) {
    this.lane = lane
    this.#reading = reading
    this.signal = lane.signal
    this.#batches = batches
    this.end = end
    this.firstOffset = batches[0]!.sourceOffsets?.[0] ?? batches[0]!.firstOffset
    this.lastOffset = batches.at(-1)!.lastOffset
    this.ackedTo = this.firstOffset
    this.count = batches.reduce((count, batch) => count + batch.count, 0)
    this.byteLength = batches.reduce((bytes, batch) => bytes + batch.bytes.length, 0)
    this.firstTimestamp = new RecordBatch(batches[0]!.bytes).firstTimestamp
  }

  get topic(): string {
    return this.lane.topic
  }

  get partition(): number {
    return this.lane.partition
  }

  get isSettled(): boolean {
    return this.state === 'acked' || this.state === 'released'
  }

  get errantRecords(): ErrantRecordReporter | null {
    return this.#reading.errantRecords
  }

  /** Of its newest record, in milliseconds since the epoch; -1 = none, or it is free already. */
  get maxTimestamp(): number {
    const last = this.#batches.at(-1)
    return last === undefined ? -1 : new RecordBatch(last.bytes).maxTimestamp
  }

  /** Its records for their headers alone: transforms make no difference. */
  headers(): readonly Pick<SinkRecord, 'headers'>[] {
    return this.#decoded()
  }

  records(): readonly SinkRecord[] {
    if (this.#reading.hasTransforms) throw transformsUnused(this)
    return this.#decoded()
  }

  values(): Promise<readonly SinkValue[]> {
    if (this.#values !== undefined) return this.#values
    const values = this.#convert()
    this.#values = values
    // Told already: a task that looks away must not end the process.
    values.catch(() => undefined)
    return values
  }

  /** Of the memory; what the task still holds of its records stays with the task. */
  free(): void {
    this.#batches = []
    this.#records = undefined
    this.#values = undefined
  }

  toString(): string {
    return `${this.lane.name} ${this.firstOffset}…${this.lastOffset}`
  }

  /** What has failed is tried again by the next call. */
  async #convert(): Promise<readonly SinkValue[]> {
    const { marks } = this
    if (marks !== undefined) marks.convertAt ||= performance.now()
    try {
      const values = await this.#reading.values(this, this.#decoded())
      if (marks !== undefined) marks.convertedAt = performance.now()
      return values
    } catch (error) {
      this.#values = undefined
      throw error
    }
  }

  #decoded(): readonly SinkRecord[] {
    if (this.#records === undefined && this.state === 'acked')
      throw new Error(`The batch ${this} is acknowledged: its bytes are gone`)
    this.#records ??= this.#batches.flatMap(batch => this.#decode(batch))
    return this.#records
  }

  #decode({ bytes, sourceOffsets, firstOffset, timestampType }: FetchedBatch): SinkRecord[] {
    const { topic, partition } = this
    try {
      return decodeBatch(new RecordBatch(bytes), { verifyCrc: true }).map(({ key, value, headers, timestamp }, index) => ({
        topic,
        partition,
        offset: sourceOffsets?.[index] ?? firstOffset + index,
        key,
        value,
        headers,
        timestamp,
        timestampType,
      }))
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      const message = `The records ${this} cannot be decoded: ${error.message}`
      throw new ConnectError(error.code, message, { kind: 'partition', stage: 'decode', cause: error })
    }
  }
}

export interface BatchLimits {
  /** Record batches are delivered together up to so many bytes and records; a single larger one is delivered whole. */
  readonly batchBytes: number
  readonly maxRecords: number
}

/** What was read of one partition as batches for the task, copied out of the response, which others share. */
export const queuedBatches = (
  lane: SinkLane,
  run: SinkRun,
  { batchBytes, maxRecords }: BatchLimits,
  reading: SinkReading,
): QueuedBatch[] => {
  const groups: FetchedBatch[][] = []
  let bytes = 0
  let records = 0
  for (const batch of run.batches) {
    bytes += batch.bytes.length
    records += batch.count
    if (groups.length === 0 || bytes > batchBytes || records > maxRecords) {
      groups.push([])
      bytes = batch.bytes.length
      records = batch.count
    }
    groups.at(-1)!.push({ ...batch, bytes: Buffer.from(batch.bytes) })
  }
  return groups.map((group, i) => {
    const { lastOffset, leaderEpoch } = group.at(-1)!
    const isLast = i === groups.length - 1
    const end = isLast ? { offset: run.nextOffset, leaderEpoch: run.leaderEpoch } : { offset: lastOffset + 1, leaderEpoch }
    return new QueuedBatch(lane, group, end, reading)
  })
}

const transformsUnused = (batch: QueuedBatch): ConnectError => {
  const message = `The records ${batch} are asked for as bytes, which would pass by the transforms of the connector: remove its transforms, or have the task read values(), which they have changed`
  return new ConnectError('TRANSFORMS_UNUSED', message, { kind: 'fatal', stage: 'transform' })
}
