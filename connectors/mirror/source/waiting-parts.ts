import type { PartitionEntry } from '../../../framework/runtime/index.ts'
import { wallClockOffset } from '../../../framework/telemetry/index.ts'
import type { MirrorPart } from './mirror-records.ts'

/** How long the records of one partition wait, by their own timestamps: a few numbers per batch, nothing per record. */
export class WaitingParts {
  readonly #entry: PartitionEntry
  #oldest: MirrorPart | null = null
  #latest: MirrorPart | null = null
  /** Since when there are records that were not read, as far as that can be told; 0 = there are none. */
  #behindSinceMs = 0

  constructor(entry: PartitionEntry) {
    this.#entry = entry
  }

  /** What an earlier run had under way is read again, and has been waiting all the while. */
  begin(): void {
    this.#entry.underwayRecords = 0
    this.#entry.underwayBytes = 0
    this.#behindSinceMs = this.#entry.waitingSinceMs
  }

  read(part: MirrorPart): void {
    if (this.#latest === null) this.#oldest = part
    else this.#latest.next = part
    this.#latest = part
    this.#entry.underwayRecords += part.records.count
    this.#entry.underwayBytes += part.byteLength
    const { firstTimestamp, maxTimestamp } = part
    const now = Date.now()
    if (firstTimestamp >= 0) this.#entry.recordAge.record(now - maxTimestamp, now - firstTimestamp, part.receivedAt)
  }

  /** Parts are acknowledged in the order in which they were read. @param nowMs when, by `performance.now()` */
  acknowledged(part: MirrorPart, nowMs: number): void {
    this.#oldest = part.next
    if (part.next === null) this.#latest = null
    part.next = null
    this.#entry.underwayRecords -= part.records.count
    this.#entry.underwayBytes -= part.byteLength
    const { firstTimestamp, maxTimestamp } = part
    const now = Math.round(wallClockOffset() + nowMs)
    if (firstTimestamp >= 0) this.#entry.replicationLatency.record(now - maxTimestamp, now - firstTimestamp, nowMs)
    // What follows it in the log is about as old.
    this.#behindSinceMs = maxTimestamp >= 0 ? Math.min(maxTimestamp, now) : now
  }

  /** The lag may have changed. */
  measured(): void {
    if (this.#entry.lagRecords === 0) this.#behindSinceMs = 0
    else if (this.#behindSinceMs === 0) this.#behindSinceMs = Date.now()
    this.#entry.waitingSinceMs = this.#oldestSince ?? this.#behindSinceMs
  }

  get #oldestSince(): number | undefined {
    return this.#oldest === null || this.#oldest.firstTimestamp < 0 ? undefined : this.#oldest.firstTimestamp
  }
}
