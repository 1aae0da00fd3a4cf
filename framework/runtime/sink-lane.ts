import type { SinkPartition } from '../api/index.ts'
import { type Deferred, deferred, Ring } from '../flow/index.ts'
import type { PartitionEntry } from './partition-entry.ts'
import type { QueuedBatch, SinkPosition } from './sink-batch.ts'
import type { SinkTraces } from './sink-traces.ts'

/** What was read without any record to deliver: aborted, or a marker of a transaction. */
interface Hole {
  readonly state: 'acked'
  readonly end: SinkPosition
  readonly firstOffset: number
  readonly ackedTo: number
}

/**
 * `open`: delivers. `draining`: what the task has begun is finished, nothing more delivered. `failed`: nothing more is delivered or
 * acknowledged. `closed`: not this task's any more.
 */
export type LaneState = 'open' | 'draining' | 'failed' | 'closed'

/** One partition of a sink task: its batches in order, and up to where all are acknowledged. */
export class SinkLane implements SinkPartition {
  readonly topic: string
  readonly partition: number
  readonly entry: PartitionEntry
  /** By the task. */
  isPaused = false
  /** Too much of the window. */
  isThrottled = false
  /** Reports of records that the task could not take, under way. */
  readonly reports = new Set<Promise<void>>()
  /** How many of the partition's events have been told by a span. */
  tracedEvents: number
  /** Undefined = nothing is traced. */
  readonly traces: SinkTraces | undefined
  #state: LaneState = 'open'
  #ending = new AbortController()
  readonly #unpassed = new Ring<QueuedBatch | Hole>()
  readonly #undelivered = new Ring<QueuedBatch>()
  #position: SinkPosition | null = null
  #committed: SinkPosition
  #heldBytes = 0
  #unsettled = 0
  #settled: Deferred<void> | null = null

  constructor({ topic, partition }: SinkPartition, start: SinkPosition, entry: PartitionEntry, traces?: SinkTraces) {
    this.topic = topic
    this.partition = partition
    this.entry = entry
    this.#committed = start
    this.traces = traces
    this.tracedEvents = entry.events.count
  }

  get name(): string {
    return `${this.topic}-${this.partition}`
  }

  get state(): LaneState {
    return this.#state
  }

  /** Of its batches: nobody needs them any more. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Of batches that are not settled. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Batches that the task has and has not answered. */
  get unsettled(): number {
    return this.#unsettled
  }

  /** All before it is acknowledged; where it began, before anything was. */
  get position(): SinkPosition {
    const head = this.#unpassed.peek()
    if (head !== undefined && head.ackedTo > head.firstOffset) return { offset: head.ackedTo, leaderEpoch: head.end.leaderEpoch }
    return this.#position ?? this.#committed
  }

  /** Compares what is acknowledged with the log's end. @param logEnd as a response of the broker says; absent = as known */
  measure(logEnd = -1): void {
    const { entry } = this
    const { offset } = this.position
    if (offset !== entry.lagFrom) entry.waitingSinceMs = 0
    entry.logSpans(-1, logEnd)
    entry.lagsFrom(offset)
    const since = this.#oldestTimestamp
    if (since >= 0 && entry.lagRecords > 0) entry.waitingSinceMs = since
    if (entry.lagRecords < 0) return
    if (entry.lagRecords === 0 && this.#heldBytes === 0) entry.caughtUp()
    else entry.copying()
  }

  /** Of the first record that is not acknowledged; -1 = nothing is read, or it has none. */
  get #oldestTimestamp(): number {
    const head = this.#unpassed.peek()
    return head !== undefined && 'deliveries' in head ? head.firstTimestamp : -1
  }

  /** Null when nothing is acknowledged that is not committed. */
  get committable(): SinkPosition | null {
    const { position } = this
    return position.offset === this.#committed.offset ? null : position
  }

  committed(position: SinkPosition): void {
    this.#committed = position
  }

  take(batches: readonly QueuedBatch[], end: SinkPosition): void {
    if (batches.length === 0) this.#unpassed.push({ state: 'acked', end, firstOffset: end.offset, ackedTo: end.offset })
    for (const batch of batches) {
      this.#unpassed.push(batch)
      this.#undelivered.push(batch)
      this.#heldBytes += batch.byteLength
    }
    this.#advance()
  }

  /** The next one to deliver, now with the task. Undefined when there is none. */
  nextDelivery(): QueuedBatch | undefined {
    for (;;) {
      const batch = this.#undelivered.shift()
      if (batch === undefined || batch.state !== 'queued') {
        if (batch === undefined) return undefined
        continue
      }
      batch.state = 'delivered'
      batch.deliveries++
      if (batch.marks !== undefined) batch.marks.deliveredAt ||= performance.now()
      this.#unsettled++
      return batch
    }
  }

  /** Of a batch of this lane that is not settled. @param nextOffset absent = wholly */
  acked(batch: QueuedBatch, nextOffset = batch.lastOffset + 1): void {
    batch.ackedTo = Math.max(batch.ackedTo, Math.min(nextOffset, batch.lastOffset + 1))
    if (batch.ackedTo > batch.lastOffset) this.#settle(batch, 'acked')
    else if (this.#state !== 'open') this.#settle(batch, 'released')
    this.#advance()
  }

  /** What the task had and did not acknowledge is delivered again, in order; unless the lane drains. */
  takeBack(): readonly QueuedBatch[] {
    const again: QueuedBatch[] = []
    this.#undelivered.clear()
    for (const batch of this.#unpassed) {
      if (!('deliveries' in batch) || batch.isSettled) continue
      if (batch.state === 'delivered') {
        batch.state = 'queued'
        again.push(batch)
        this.#unsettle()
      }
      if (this.#state === 'open') this.#undelivered.push(batch)
      else this.#settle(batch, 'released')
    }
    return again
  }

  drain(): void {
    this.#state = 'draining'
    this.#ending.abort()
    for (const batch of this.#undelivered) this.#settle(batch, 'released')
    this.#undelivered.clear()
  }

  /** What is acknowledged can still be committed. */
  end(state: 'failed' | 'closed'): void {
    if (this.#state === 'closed') return
    this.#state = state
    this.#ending.abort()
    this.#position = this.position
    this.#forget()
  }

  /** Forgets all it had: reading goes on at another place. */
  restart(): void {
    this.#ending.abort()
    this.#ending = new AbortController()
    this.#forget()
    this.#position = null
  }

  /** Resolves when the task has answered every batch that it has. */
  whenSettled(): Promise<void> {
    if (this.#unsettled === 0) return Promise.resolve()
    this.#settled ??= deferred()
    return this.#settled.promise
  }

  #forget(): void {
    this.#undelivered.clear()
    for (const batch of this.#unpassed) if ('deliveries' in batch) this.#settle(batch, 'released')
    this.#unpassed.clear()
  }

  #settle(batch: QueuedBatch, state: 'acked' | 'released'): void {
    if (batch.isSettled) return
    const wasDelivered = batch.state === 'delivered'
    if (state === 'acked') this.traces?.acked(batch)
    batch.state = state
    if (state === 'acked') batch.free()
    this.#heldBytes -= batch.byteLength
    if (wasDelivered) this.#unsettle()
  }

  #unsettle(): void {
    if (--this.#unsettled > 0) return
    this.#settled?.resolve()
    this.#settled = null
  }

  #advance(): void {
    for (let head = this.#unpassed.peek(); head?.state === 'acked'; head = this.#unpassed.peek()) {
      this.#unpassed.shift()
      this.#position = head.end
    }
  }
}
