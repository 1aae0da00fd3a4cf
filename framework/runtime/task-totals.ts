import { turnNow } from '../flow/index.ts'
import { LatencyHistogram, type Rebalances, Windowed } from '../telemetry/metrics/index.ts'
import { CommitTotals } from './commit-totals.ts'
import { StateShares } from './state-shares.ts'

/** When a batch was asked for and when it had arrived, in milliseconds of `performance.now()`; absent or 0 = not known. */
interface Fetch {
  readonly requestedAt?: number
  readonly receivedAt?: number
}

/** What a task has done since it is known, in all its runs. Counted once per part or batch, never per record. */
export class TaskTotals {
  /** Source: handed over by the task. Sink: read from Kafka. */
  recordsRead = 0
  /** Source: acknowledged by Kafka. Sink: acknowledged by the task. */
  recordsWritten = 0
  bytesWritten = 0
  /** Read, and not acknowledged yet: of the present run. */
  recordsActive = 0
  /** `recordsActive`, each time that something was read. */
  readonly active = new Windowed()
  /** Records of a part or batch. */
  readonly batchSize = new Windowed()
  /** Milliseconds from asking for a batch to its arrival. */
  readonly fetchTime = new Windowed()
  /** Milliseconds from sending a part, or delivering a batch, to its acknowledgement. */
  readonly ackTime = new Windowed()
  /** As `ackTime`. */
  readonly ackLatency = new LatencyHistogram()
  /** As `fetchTime`. */
  readonly fetching = new LatencyHistogram()
  /** From the arrival of a batch until it is taken (source) or first delivered (sink). */
  readonly waiting = new LatencyHistogram()
  /** In converters and transforms, or in making record batches. */
  readonly transforming = new LatencyHistogram()
  readonly commits = new CommitTotals()
  readonly states = new StateShares()
  /** Of the present run of a sink. */
  rebalances: Rebalances | undefined

  /** A part or batch came in. @param now of `performance.now()`, here and below */
  read(records: number, active: number, now: number): void {
    this.recordsRead += records
    this.recordsActive += active
    this.active.record(this.recordsActive, this.recordsActive, now)
    if (records > 0) this.batchSize.record(records, records, now)
  }

  /** A part or batch that was read is settled. @param sentAt when it was sent or delivered */
  settled(records: number, sentAt: number): void {
    const now = turnNow()
    const tookMs = now - sentAt
    this.recordsActive = Math.max(0, this.recordsActive - records)
    this.ackLatency.record(tookMs)
    this.ackTime.record(tookMs, tookMs, now)
  }

  written(records: number, bytes: number): void {
    this.recordsWritten += records
    this.bytesWritten += bytes
  }

  /** An answer of the source that has something in it. */
  fetched({ requestedAt = 0, receivedAt = 0 }: Fetch): void {
    if (requestedAt === 0 || receivedAt === 0) return
    const tookMs = receivedAt - requestedAt
    this.fetching.record(tookMs)
    this.fetchTime.record(tookMs, tookMs, receivedAt)
  }

  /** A source's batch that has something in it came from its task. */
  taken(fetch: Fetch): void {
    this.fetched(fetch)
    const { receivedAt = 0 } = fetch
    if (receivedAt > 0) this.waiting.record(performance.now() - receivedAt)
  }

  /** A new run: what the last one had on its way is read again. */
  restarted(): void {
    this.recordsActive = 0
    this.rebalances = undefined
  }
}
