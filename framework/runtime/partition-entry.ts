import type { ConnectError, PartitionState, PartitionStatus, SourcePartition } from '../api/index.ts'
import { LatencyHistogram, Windowed } from '../telemetry/metrics/index.ts'
import { type PartitionEvent, PartitionEvents } from './partition-events.ts'

export type Side = 'source' | 'target'

/** GAP and RECREATED stay visible this long, whatever the task does meanwhile. */
export const NOTICE_MS = 60_000

/**
 * Status and counters of one source partition. The runtime reports what the target does (retrying, failed), the task what the source does;
 * FAILED hides RETRYING, which hides what the source lost a while ago, which hides the task's own state.
 */
export class PartitionEntry {
  readonly partition: SourcePartition
  /** Of the task that copies it now; undefined = nobody does. */
  owner: string | undefined
  /** Acknowledged by the target. */
  records = 0
  bytes = 0
  /** Records the source no longer had. */
  gapRecords = 0
  gaps = 0
  recreations = 0
  /** When the target last took records, in milliseconds since the epoch; 0 = never. */
  lastAckMs = 0
  /** Times one side began to make no progress. */
  retries = 0
  /** Records at the source that are not acknowledged yet; -1 = unknown. 0 = it is known that there are none. */
  lagRecords = -1
  /** Of them, those that were read already. */
  underwayRecords = 0
  underwayBytes = 0
  /** Since when the oldest of them is at the source, in milliseconds since the epoch; 0 = unknown, or there are none. */
  waitingSinceMs = 0
  /** Topic that it is copied to; empty where there is no such thing. */
  targetTopic = ''
  /** By the records' own timestamps, in milliseconds: their age when they were read, and when the target acknowledged them. */
  readonly recordAge = new Windowed()
  readonly replicationLatency = new Windowed()
  /** On the way through here: from the arrival of a part to its acknowledgement. */
  readonly latency = new LatencyHistogram()
  /** What was out of the ordinary. */
  readonly events: PartitionEvents
  #lagFrom = -1
  #log = { start: -1, end: -1 }
  #isHeard = false
  #own: PartitionStatus
  /** What the source lost last. */
  #loss: PartitionStatus | undefined
  readonly #noticeMs: number
  readonly #retrying: { source?: PartitionStatus | undefined; target?: PartitionStatus | undefined } = {}
  #failed: PartitionStatus | undefined
  readonly #changed: (entry: PartitionEntry) => void
  readonly #retried: (side: Side, code: string) => void

  /** @param retried told each time that one side begins to make no progress @param happened told of each event @param noticeMs as of the registry */
  constructor(
    partition: SourcePartition,
    changed: (entry: PartitionEntry) => void,
    retried: (side: Side, code: string) => void = () => undefined,
    happened: (entry: PartitionEntry, event: PartitionEvent) => void = () => undefined,
    noticeMs: number = NOTICE_MS,
  ) {
    this.partition = partition
    this.#noticeMs = noticeMs
    this.events = new PartitionEvents(event => happened(this, event))
    this.#changed = changed
    this.#retried = retried
    this.#own = { state: 'STARTING', sinceMs: Date.now() }
  }

  /** From this offset on everything lags, besides what is under way; -1 = the task has not said. */
  get lagFrom(): number {
    return this.#lagFrom
  }

  /** By the task: what is under way has changed as well. */
  lagsFrom(offset: number): void {
    this.#lagFrom = offset
    this.#recount()
  }

  /** By whoever has heard from the source: its log begins and ends at these offsets. -1 = that is not known. */
  logSpans(start: number, end: number): void {
    if (end < 0) return
    this.#log = { start, end }
    this.#isHeard = true
    this.#recount()
  }

  #recount(): void {
    const { start, end } = this.#log
    if (this.#lagFrom < 0 || end < 0) return
    const lag = this.underwayRecords + Math.max(0, end - Math.max(this.#lagFrom, start))
    this.lagRecords = lag === 0 && !this.#isHeard ? -1 : lag
    if (lag === 0) this.waitingSinceMs = 0
    else if (this.waitingSinceMs === 0) this.waitingSinceMs = Date.now()
  }

  /** Nobody hears from the source for now: records may wait there although none is known to. */
  #unheard(): void {
    this.#isHeard = false
    if (this.lagRecords === 0) this.lagRecords = -1
  }

  get status(): PartitionStatus {
    return this.#failed ?? this.#retrying.target ?? this.#retrying.source ?? this.#notice ?? this.#own
  }

  /** It ends by its time, and nobody is told of that: whoever shows it asks again. */
  get #notice(): PartitionStatus | undefined {
    return this.#loss !== undefined && Date.now() - this.#loss.sinceMs < this.#noticeMs ? this.#loss : undefined
  }

  get state(): PartitionState {
    return this.status.state
  }

  /** Why this side makes no progress at present; undefined = it does. */
  retryingOn(side: Side): PartitionStatus | undefined {
    return this.#retrying[side]
  }

  /** A new owner begins: counters stay. */
  starting(): void {
    this.#unheard()
    this.#failed = undefined
    this.#retrying.source = undefined
    this.#retrying.target = undefined
    this.#set('STARTING')
  }

  copying(): void {
    if (this.#own.state !== 'COPYING') this.#set('COPYING')
  }

  caughtUp(): void {
    if (this.#own.state !== 'CAUGHT_UP') this.#set('CAUGHT_UP')
  }

  gap(records: number, cause: string): void {
    this.gaps++
    this.gapRecords += records
    this.events.add({ kind: 'gap', cause })
    this.#lost('GAP', cause)
  }

  /** `unread` records of the old one are counted as a gap is. */
  recreated(cause: string, unread = 0): void {
    this.#unheard()
    this.#log = { start: -1, end: -1 }
    this.recreations++
    this.gapRecords += unread
    this.events.add({ kind: 'recreated', cause })
    this.#lost('RECREATED', cause)
  }

  /** The target took records; a source that says nothing of its own counts as copying from the first on. */
  acked(records: number, bytes: number): void {
    this.records += records
    this.bytes += bytes
    if (records > 0) this.lastAckMs = Date.now()
    if (this.#own.state === 'STARTING') this.#set('COPYING')
  }

  /** This side makes no progress at present; the first cause since it did counts from then on, the latest is shown. */
  retrying(cause: string, side: Side = 'target', code = 'UNKNOWN'): void {
    const before = this.#retrying[side]
    if (before === undefined) {
      this.retries++
      this.#retried(side, code)
    }
    if (before?.cause !== cause) this.events.add({ kind: 'retrying', side, cause, code })
    if (side === 'source') this.#unheard()
    this.#retrying[side] = { state: 'RETRYING', sinceMs: before?.sinceMs ?? Date.now(), cause }
    this.#changed(this)
  }

  flowing(side: Side = 'target'): void {
    if (this.#retrying[side] === undefined) return
    this.#retrying[side] = undefined
    this.events.add({ kind: 'flowing', side })
    this.#changed(this)
  }

  /** The first error stays. */
  failed(error: ConnectError): void {
    if (this.#failed === undefined) this.events.add({ kind: 'failed', code: error.code, cause: error.message })
    this.#failed ??= { state: 'FAILED', sinceMs: Date.now(), cause: error.message }
    this.#changed(this)
  }

  #lost(state: 'GAP' | 'RECREATED', cause: string): void {
    this.#loss = { state, sinceMs: Date.now(), cause }
    this.#changed(this)
  }

  #set(state: PartitionState): void {
    this.#own = { state, sinceMs: Date.now() }
    this.#changed(this)
  }
}
