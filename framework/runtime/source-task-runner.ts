import type {
  ConnectError,
  EncodedRecords,
  SourceBatch,
  SourceOffset,
  SourcePart,
  SourcePartition,
  SourceTask,
} from '../api/index.ts'
import { AckedPrefix, type ByteWindow, deferred } from '../flow/index.ts'
import { contractBroken, toConnectError } from './errors.ts'
import { LaneFailures } from './lane-failures.ts'
import { LaneThrottle } from './lane-throttle.ts'
import { type EncodeRecords, PartEncoder, type RecordStage } from './part-encoder.ts'
import type { PartCallbacks, PartWriter } from './part-writer.ts'
import type { TaskPartitions } from './partition-registry.ts'
import { SourceIntake } from './source-intake.ts'
import { LaneTable, PendingPart, type SourceLane } from './source-lane.ts'
import { SourceReading } from './source-reading.ts'
import type { SourceTraces } from './source-traces.ts'

export interface SourceTaskRunnerOptions {
  readonly taskId: string
  readonly task: SourceTask
  readonly writer: PartWriter
  readonly encodeRecords: EncodeRecords
  /** Absent = the task's records are bytes, and stay as they are. */
  readonly stage?: RecordStage
  readonly partitions: TaskPartitions
  readonly windowBytes: number
  readonly permitBytes: number
  readonly maxRecords: number
  /** Absent = nothing is traced. */
  readonly traces?: SourceTraces
  /** Called once per failure as it happens, `index` 0 for the one that ends the run. */
  readonly onFailure: (error: ConnectError, index: number) => void
  /** Called once per source partition that fails; the task goes on. */
  readonly onPartitionFailed: (partition: SourcePartition, error: ConnectError) => void
}

/**
 * The pipeline of one task: demand → `task.batches` → transforms, converters → lanes of the writer → acknowledged prefix.
 * `run` resolves when the task's stream has ended and every part is resolved; after a failure nothing more is read, and it rejects once
 * what had been sent is resolved.
 */
export class SourceTaskRunner implements PartCallbacks {
  readonly prefix: AckedPrefix<SourcePartition, SourceOffset, PendingPart>
  readonly #options: SourceTaskRunnerOptions
  readonly #reading: SourceReading
  readonly #window: ByteWindow
  readonly #lanes: LaneTable
  readonly #intake: SourceIntake<SourceLane>
  readonly #encoder: PartEncoder
  readonly #throttle: LaneThrottle
  readonly #laneFailures: LaneFailures
  readonly #traces: SourceTraces | undefined
  readonly #finished = deferred()
  /** Since when a part is being made into batches, of `performance.now()`; 0 = none is. */
  #encodeAt = 0
  #unresolvedParts = 0
  #aborted = false
  #failures = 0
  #failure: ConnectError | undefined

  constructor(options: SourceTaskRunnerOptions) {
    this.#options = options
    this.#traces = options.traces
    options.partitions.totals.restarted()
    this.prefix = new AckedPrefix(pending => this.#passed(pending))
    this.#lanes = new LaneTable(this.prefix, options.partitions)
    this.#reading = new SourceReading({
      ...options,
      unanswered: () => this.#intake.size,
      onBatch: batch => this.#onBatch(batch),
      onEnd: () => this.#finishIfDone(),
      onError: error => this.#end(error),
      onBroken: error => this.fail(error),
    })
    this.#window = this.#reading.window
    const onThrow = (error: unknown) => this.fail(contractBroken(options.taskId, 'threw in throttle()', error))
    this.#throttle = new LaneThrottle(options.task, onThrow)
    this.#laneFailures = new LaneFailures(options, error => this.fail(error))
    this.#encoder = new PartEncoder({ ...options, signal: this.#reading.signal })
    this.#intake = new SourceIntake({
      laneOf: part => this.#soundLane(part),
      encode: part => {
        this.#traces?.encoding(part)
        this.#encodeAt = this.#isPassed(part) ? 0 : performance.now()
        return this.#encoder.encode(part)
      },
      submit: (lane, part, batches) => this.#submit(lane, part, batches),
      answered: bytes => this.#answered(bytes),
      failed: (error, part) => this.#intakeFailed(error, part),
    })
  }

  /** Parts handed to the writer and not resolved. */
  get unresolvedParts(): number {
    return this.#unresolvedParts
  }

  /** Bytes demanded or on their way. */
  get usedBytes(): number {
    return this.#window.usedBytes
  }

  /** Once. */
  run(): Promise<void> {
    this.#reading.start()
    return this.#finished.promise
  }

  /** Demands nothing more until `resume`; a long poll ends, what is on its way is finished. */
  pause(): void {
    this.#reading.pause()
  }

  resume(): void {
    this.#reading.resume()
  }

  /** Demands nothing more; what was demanded and sent is finished. What waits to be tried again is dropped, and all that came after it. */
  drain(): void {
    this.#reading.drain()
  }

  /** Stops now: reads nothing more, waits for nothing, ignores what the writer still reports. Resolves `run` unless it failed. */
  abort(): void {
    if (this.#aborted) return
    this.#reading.end()
    this.#aborted = true
    this.#intake.close()
    this.#finish()
  }

  /** Ends the run: the first error counts, later ones are reported only. */
  fail(error: ConnectError): void {
    this.#intake.close()
    this.#end(error)
  }

  /** As `fail`, but what has come already is still sent. */
  #end(error: ConnectError): void {
    this.#options.onFailure(error, this.#failures++)
    if (this.#failure !== undefined) return
    this.#failure = error
    this.#reading.end()
    this.#finishIfDone()
  }

  /** One source partition cannot go on: what it has sent may still be acknowledged, nothing more is sent. */
  partitionFailed(partition: SourcePartition, error: ConnectError): void {
    if (this.#aborted) return
    this.#laneFailures.fail(this.#lanes.source(partition), error)
  }

  acked(token: unknown, topic: string, partition: number, baseOffset: number, count: number): void {
    if (this.#aborted) return
    const pending = token as PendingPart
    pending.written(topic, partition, baseOffset, count)
    if (--pending.unresolved <= 0) this.#resolved(pending)
  }

  refused(token: unknown, error: ConnectError): void {
    if (this.#aborted) return
    const pending = token as PendingPart
    pending.refusal = error
    if (error.kind === 'partition') this.#laneFailures.refuse(pending.lane, error)
    else if (this.#failure !== error) this.fail(error)
    if (--pending.unresolved <= 0) this.#resolved(pending)
  }

  mayLeaveOut(token: unknown): boolean {
    return (token as PendingPart).mayLeaveOut
  }

  leftOut(_token: unknown, topic: string, partition: number, error: ConnectError): void {
    if (this.#aborted) return
    this.#encoder
      .passedOver({ topic, partition, timestamp: -1 }, error)
      .catch((cause: unknown) => this.fail(toConnectError(cause, 'RECORD_ERROR_NOT_REPORTED', 'produce', this.#options.taskId)))
  }

  laneState(topic: string, partition: number, state: 'retrying' | 'flowing', cause?: ConnectError): void {
    if (this.#aborted) return
    this.#throttle.targetState(this.#lanes.target(topic, partition), state, cause)
  }

  #onBatch(batch: SourceBatch): void {
    this.#traces?.emitted(batch)
    if (batch.parts.length > 0) this.#options.partitions.totals.taken(batch)
    this.#intake.push(batch)
  }

  /** Nothing is made of it. */
  #isPassed({ records }: SourcePart): boolean {
    return Array.isArray(records) ? records.length === 0 : this.#options.stage?.pipeline.hasTransforms !== true
  }

  #soundLane({ sourcePartition }: SourcePart): SourceLane | undefined {
    const lane = this.#lanes.source(sourcePartition)
    return lane.failed === undefined ? lane : undefined
  }

  /** Returns the bytes the part holds of the window. */
  #submit(lane: SourceLane, part: SourcePart, batches: readonly EncodedRecords[]): number {
    const { totals } = this.#options.partitions
    const now = performance.now()
    const isAsked = this.#options.task.acknowledged !== undefined || this.#traces !== undefined
    const pending = new PendingPart(lane, part.sourceOffset, isAsked ? part : undefined, batches, now)
    const { bytes } = pending
    pending.mayLeaveOut = this.#encoder.passesOver && Array.isArray(part.records)
    if (this.#encodeAt > 0) totals.transforming.record(now - this.#encodeAt)
    this.#encodeAt = 0
    totals.read(recordsOf(part), pending.records, now)
    lane.prefix.submit(pending)
    this.#traces?.submitted(pending)
    if (batches.length === 0) {
      lane.prefix.ack(pending)
      return 0
    }
    this.#unresolvedParts++
    for (let i = 0; i < batches.length; i++) this.#append(lane, batches[i]!, pending)
    return bytes
  }

  #answered(bytes: number): void {
    this.#traces?.answered()
    this.#window.answered(bytes)
    this.#finishIfDone()
  }

  #intakeFailed(error: unknown, part: SourcePart | undefined): void {
    if (this.#aborted) return
    const failure = toConnectError(error, 'ENCODE_FAILED', 'transform', this.#options.taskId)
    if (part !== undefined) this.#traces?.partFailed(part, failure)
    if (part !== undefined && failure.kind === 'partition')
      this.#laneFailures.refuse(this.#lanes.source(part.sourcePartition), failure)
    else if (failure.retriable && this.#reading.signal.aborted) this.#interrupt()
    else this.fail(failure)
  }

  /** A part cannot be finished before the stop: nothing may be committed beyond it. */
  #interrupt(): void {
    this.#intake.close()
    this.#reading.end()
  }

  #append(lane: SourceLane, batch: EncodedRecords, pending: PendingPart): void {
    const target = this.#lanes.newTarget(lane, batch)
    if (target !== undefined) this.#throttle.join(lane, target)
    this.#options.writer.append(batch, this, pending)
  }

  #resolved(pending: PendingPart): void {
    if (pending.unresolved < 0) {
      this.fail(contractBroken(this.#options.taskId, 'has a writer that resolved a part twice'))
      return
    }
    this.#traces?.resolved(pending)
    const { totals } = this.#options.partitions
    this.#unresolvedParts--
    totals.settled(pending.records, pending.sentAtMs)
    this.#window.release(pending.bytes)
    if (pending.refusal === undefined) pending.lane.prefix.ack(pending)
    else pending.lane.prefix.refuse(pending)
    this.#finishIfDone()
  }

  #passed(pending: PendingPart): void {
    const { lane, part, topic, partition, baseOffset, count } = pending
    lane.entry.acked(count, pending.bytes)
    this.#traces?.passed(pending)
    this.#options.partitions.totals.written(count, pending.bytes)
    try {
      if (part !== undefined) this.#options.task.acknowledged?.({ part, topic, partition, baseOffset, count })
    } catch (error) {
      this.fail(contractBroken(this.#options.taskId, 'threw in acknowledged()', error))
    }
  }

  #finishIfDone(): void {
    if (this.#unresolvedParts === 0 && this.#reading.hasEnded && this.#intake.size === 0) this.#finish()
  }

  #finish(): void {
    if (this.#failure === undefined) this.#finished.resolve()
    else this.#finished.reject(this.#failure)
  }
}

function recordsOf({ records }: SourcePart): number {
  return 'length' in records ? records.length : records.count
}
