import type { PartitionEntry } from '../../../framework/runtime/index.ts'
import type { MirrorPart } from './mirror-records.ts'

/** How long the records of one partition wait, by their own timestamps: a few numbers per batch, nothing per record. */
export class WaitingParts {
  readonly #entry: PartitionEntry
  #oldest: MirrorPart | null = null
  #latest: MirrorPart | null = null
  /** Since when there are records that were not read. */
  #behindSinceMs = 0

  constructor(entry: PartitionEntry) {
    this.#entry = entry
    entry.underwayRecords = 0
    entry.underwayBytes = 0
    entry.waitingSinceMs = 0
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

  /** Parts are acknowledged in the order in which they were read. @param nowMs of `performance.now()` */
  acknowledged(part: MirrorPart, nowMs: number): void {
    this.#oldest = part.next
    if (part.next === null) this.#latest = null
    part.next = null
    this.#entry.underwayRecords -= part.records.count
    this.#entry.underwayBytes -= part.byteLength
    const { firstTimestamp, maxTimestamp } = part
    const now = Date.now()
    if (firstTimestamp >= 0) this.#entry.replicationLatency.record(now - maxTimestamp, now - firstTimestamp, nowMs)
    this.#behindSinceMs = now
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
