import type { SourceOffset, SourcePartition } from '../api/index.ts'

export type OffsetEntry = readonly [partition: SourcePartition, offset: SourceOffset]

/** Where the offsets of source partitions are kept. */
export interface OffsetStore {
  /** The newest stored offset of each partition, in their order; null = none. Reads what others wrote up to the moment of the call. */
  load(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | null)[]>
  /**
   * Stores all entries, durably once resolved. Never called while an earlier call is pending.
   * @param signal aborted when the caller gives up: reject soon after.
   */
  save(entries: readonly OffsetEntry[], signal: AbortSignal): Promise<void>
}
