import type { CloseReason, ConnectError, ErrantRecordReporter, Logger, SinkAck, SinkPartition, SinkTask } from '../api/index.ts'
import { type BackoffOptions, Seldom } from '../flow/index.ts'
import { besideSpan } from '../telemetry/index.ts'
import { contractBroken } from './errors.ts'
import type { TaskPartitions } from './partition-registry.ts'
import { type BatchLimits, QueuedBatch, queuedBatches, type SinkPosition, type SinkRun, type SinkTimes } from './sink-batch.ts'
import { SinkCalls } from './sink-calls.ts'
import type { SinkLane } from './sink-lane.ts'
import { partitionOf, SinkLanes } from './sink-lanes.ts'
import { SinkReading, type SinkStage } from './sink-reading.ts'
import { SinkStream } from './sink-stream.ts'
import type { SinkTraces } from './sink-traces.ts'
import { SinkWindow } from './sink-window.ts'
import { untilAborted } from './until-aborted.ts'

export interface SinkPipelineOptions extends BatchLimits {
  readonly taskId: string
  readonly task: SinkTask
  readonly partitions: TaskPartitions
  /** Absent = nothing is traced. */
  readonly traces?: SinkTraces
  readonly stage: SinkStage
  readonly windowBytes: number
  /** Before `deliver` is called again after a retriable error. */
  readonly redelivery: BackoffOptions
  readonly logger: Logger
  /** Reading a partition is to stop or to go on. */
  readonly steer: (lane: SinkLane, reading: 'on' | 'off') => void
  /** The first error that ends the task. */
  readonly onFailure: (error: ConnectError) => void
  /** This partition is not to be read any more; the others go on. */
  readonly onPartitionFailed: (lane: SinkLane, error: ConnectError) => void
}

/**
 * What happens to records between a reader and a sink task, whatever the reader: window → lanes → `deliver` → acknowledged prefix.
 * `open`, `flush` and `close` of the task are called here, one after the other.
 */
export class SinkPipeline {
  readonly lanes: SinkLanes
  readonly #options: SinkPipelineOptions
  readonly #retries = new Seldom(10)
  readonly #interruptions = new Seldom()
  readonly #window: SinkWindow
  readonly #stream: SinkStream
  readonly #reading: SinkReading
  readonly #calls: SinkCalls
  #failure: ConnectError | undefined
  #paused = false
  #isFlushing = false

  constructor(options: SinkPipelineOptions) {
    this.#options = options
    this.lanes = new SinkLanes(options.partitions, options.traces)
    options.partitions.totals.restarted()
    this.#window = new SinkWindow(this.lanes, options.windowBytes, options.steer)
    this.#reading = new SinkReading({
      ...options.stage,
      taskId: options.taskId,
      className: options.task.constructor.name,
      lanes: this.lanes,
      fail: error => this.fail(error),
      onReported: () => this.#window.release(),
      onConverted: ms => options.partitions.totals.transforming.record(ms),
    })
    this.#calls = new SinkCalls({
      ...options,
      onFlushFailed: (lanes, error) => this.#deliverAgain(lanes, error),
      onFailure: error => this.fail(error),
    })
    this.#stream = new SinkStream({
      taskId: options.taskId,
      task: options.task,
      backoff: options.redelivery,
      onAck: ack => this.#onAck(ack),
      onInterrupted: (error, delayMs) => this.#onInterrupted(error, delayMs),
      onOpen: () => this.#deliverAll(),
      onFailed: error => this.fail(error),
    })
  }

  get heldBytes(): number {
    return this.lanes.heldBytes
  }

  get errantRecords(): ErrantRecordReporter | null {
    return this.#reading.errantRecords
  }

  /** Once, after the task has started. */
  start(): void {
    this.#stream.start()
  }

  /** Lanes of partitions that the task did not have, after it was told of them. Nothing is to be read of them before. */
  async open(starts: readonly (SinkPartition & SinkPosition)[]): Promise<readonly SinkLane[]> {
    const lanes = starts.map(start => this.lanes.add(start, start))
    await this.#calls.open(lanes.map(partitionOf))
    return lanes
  }

  /** What was read of a partition, in order. Wait for `room` before. */
  take(lane: SinkLane, run: SinkRun, times?: SinkTimes): void {
    if (lane.state !== 'open') return
    const batches = queuedBatches(lane, run, this.#options, this.#reading)
    const now = performance.now()
    for (const batch of batches) {
      this.#options.partitions.totals.read(batch.count, batch.count, now)
      batch.receivedAt = times?.receivedAt ?? now
      if (times !== undefined) batch.marks = lane.traces?.marks(times)
    }
    lane.take(batches, { offset: run.nextOffset, leaderEpoch: run.leaderEpoch })
    this.#window.changed(lane)
    this.#deliver(lane)
  }

  /** Resolves once the window is not full. */
  async room(): Promise<void> {
    if (this.#window.isFull) this.#flushSoon()
    await this.#window.room()
  }

  /** Delivers nothing, keeps everything. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#deliverAll()
  }

  /** By the task. Throws `ConnectError` NOT_ASSIGNED. */
  pausePartitions(partitions: readonly SinkPartition[], isPaused: boolean): void {
    for (const lane of partitions.map(partition => this.lanes.get(partition))) {
      this.#window.pause(lane, isPaused)
      if (!isPaused) this.#deliver(lane)
    }
  }

  /** The lane forgets what it had. */
  restart(lane: SinkLane): void {
    lane.restart()
    this.#window.changed(lane)
  }

  /** Asks the task to write what it holds back. */
  flush(lanes: readonly SinkLane[], signal: AbortSignal): Promise<void> {
    return this.#calls.flush(lanes, signal)
  }

  /** Delivers no more of these lanes and waits until the task is done with what it has begun, or the signal aborts. */
  async drain(lanes: readonly SinkLane[], signal: AbortSignal): Promise<void> {
    for (const lane of lanes) {
      if (lane.state === 'open') lane.drain()
      this.#window.changed(lane)
    }
    await this.flush(lanes, signal)
    const settled = Promise.all(lanes.map(lane => lane.whenSettled()))
    await untilAborted(settled, signal, error => this.#options.logger.debug({ error }, 'After a drain'))
  }

  /** After the last commit: the task is told, and acknowledgements that still come are ignored. */
  async close(lanes: readonly SinkLane[], reason: CloseReason, signal: AbortSignal): Promise<void> {
    for (const lane of lanes) {
      lane.end('closed')
      this.lanes.remove(lane)
      this.#window.changed(lane)
    }
    await this.#calls.close(lanes, reason, signal)
  }

  /** No more batches; resolves when the task has completed its stream. */
  complete(): Promise<void> {
    return this.#stream.complete()
  }

  /** Waits for nothing: what is with the task is given up. */
  abort(): void {
    this.#stream.abort()
    for (const lane of this.lanes) lane.end('failed')
    this.#window.release()
  }

  /** The first error ends the task; what is acknowledged can still be committed. */
  fail(error: ConnectError): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.abort()
    this.#options.onFailure(error)
  }

  failLane(lane: SinkLane, error: ConnectError): void {
    if (lane.state === 'failed' || lane.state === 'closed') return
    lane.end('failed')
    lane.entry.failed(error)
    this.#window.changed(lane)
    this.#options.onPartitionFailed(lane, error)
  }

  #deliverAll(): void {
    for (const lane of this.lanes) this.#deliver(lane)
  }

  #deliver(lane: SinkLane): void {
    while (!this.#paused && !lane.isPaused && lane.state === 'open' && this.#stream.isOpen) {
      const batch = lane.nextDelivery()
      if (batch === undefined) return
      const now = performance.now()
      if (batch.deliveredAtMs === 0) this.#options.partitions.totals.waiting.record(now - batch.receivedAt)
      batch.deliveredAtMs = now
      this.#stream.deliver(batch)
    }
  }

  #onAck({ batch, nextOffset, error }: SinkAck): void {
    if (!(batch instanceof QueuedBatch)) {
      this.fail(contractBroken(this.#options.taskId, 'acknowledged a batch that is not one it was given'))
      return
    }
    if (batch.isSettled) return
    const { lane } = batch
    if (error !== undefined) {
      if (error.retriable) this.#retrying(batch, error)
      else this.failLane(lane, error)
      return
    }
    const before = batch.ackedTo
    lane.acked(batch, nextOffset)
    if (batch.ackedTo > before) this.#progressed(batch)
    this.#window.changed(lane)
  }

  #progressed(batch: QueuedBatch): void {
    const { lane } = batch
    this.#stream.progressed()
    if (batch.state === 'acked') this.#written(batch)
    lane.entry.acked(batch.state === 'acked' ? batch.count : 0, batch.state === 'acked' ? batch.byteLength : 0)
    lane.measure()
    if (!batch.isRetrying) return
    batch.isRetrying = false
    lane.entry.flowing()
  }

  #written({ count, byteLength, deliveredAtMs }: QueuedBatch): void {
    const { totals } = this.#options.partitions
    totals.written(count, byteLength)
    totals.settled(count, deliveredAtMs)
  }

  #retrying(batch: QueuedBatch, error: ConnectError): void {
    const { logger, taskId } = this.#options
    const level = batch.isRetrying ? 'debug' : this.#retries.level('warn')
    const { entry, name: partition } = batch.lane
    batch.isRetrying = true
    entry.retrying(error.message, 'target', error.code)
    besideSpan(entry.events.span, () =>
      logger[level]({ error, partition }, `Task ${taskId} tries the batch ${batch} again: ${error.message}`),
    )
    if (batch.lane.state !== 'open') batch.lane.acked(batch, batch.ackedTo)
  }

  #onInterrupted(error: ConnectError, delayMs: number): void {
    const { logger, taskId } = this.#options
    logger[this.#interruptions.level('warn')](
      { error, delayMs },
      `Task ${taskId} is given what it did not acknowledge again in ${delayMs} ms: ${error.message}`,
    )
    for (const lane of this.lanes) this.#takeBack(lane, error)
  }

  #deliverAgain(lanes: readonly SinkLane[], error: ConnectError): void {
    for (const lane of lanes) this.#takeBack(lane, error)
    this.#deliverAll()
  }

  #takeBack(lane: SinkLane, error: ConnectError): void {
    if (lane.unsettled > 0) lane.entry.retrying(error.message, 'target', error.code)
    for (const batch of lane.takeBack()) batch.isRetrying = true
    this.#window.changed(lane)
  }

  #flushSoon(): void {
    if (this.#isFlushing) return
    this.#isFlushing = true
    const done = (): void => {
      this.#isFlushing = false
    }
    void this.flush([...this.lanes], new AbortController().signal).finally(done)
  }
}
