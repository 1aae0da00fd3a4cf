import type { PartitionEntry } from './partition-entry.ts'

/** Records that are not acknowledged, of several partitions together. */
export class LagSum {
  #records = 0
  #known = 0
  #unknown = 0

  add({ lagRecords }: PartitionEntry): void {
    if (lagRecords < 0) {
      this.#unknown++
      return
    }
    this.#known++
    this.#records += lagRecords
  }

  /** Of the partitions of which it is known; undefined = none is known to wait, but not of all. */
  get records(): number | undefined {
    return this.#known === 0 || (this.#records === 0 && this.#unknown > 0) ? undefined : this.#records
  }
}

/** Exact for what has been read; what has not is estimated by the mean size of the records copied. Undefined before any was. */
export function lagBytes({ lagRecords, records, bytes, underwayRecords, underwayBytes }: PartitionEntry): number | undefined {
  if (lagRecords === 0) return 0
  const unread = Math.max(0, lagRecords - underwayRecords)
  if (unread === 0) return underwayBytes
  const known = records + underwayRecords
  return known === 0 ? undefined : underwayBytes + Math.round((unread * (bytes + underwayBytes)) / known)
}

/** Of the oldest record that is not acknowledged; 0 = there is none, undefined = records wait, and it is not known since when. */
export function oldestAgeMs({ lagRecords, waitingSinceMs }: PartitionEntry, nowMs: number): number | undefined {
  if (lagRecords === 0) return 0
  return waitingSinceMs === 0 ? undefined : Math.max(0, nowMs - waitingSinceMs)
}

/** Of the oldest of all; 0 = there is none of which that is known. */
export function oldestAgeOfAll(entries: Iterable<PartitionEntry>, nowMs: number): number {
  let oldest = 0
  for (const entry of entries) if (entry.lagRecords > 0) oldest = Math.max(oldest, oldestAgeMs(entry, nowMs) ?? 0)
  return oldest
}
