import type { PartitionEntry } from './partition-entry.ts'

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
