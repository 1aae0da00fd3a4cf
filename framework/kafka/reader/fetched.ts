import type { CopyableBatch } from '../record-batch/index.ts'
import type { ReadPartition } from './partition.ts'

/** Consecutive batches of one partition from one response. */
export interface FetchedRun {
  readonly partition: ReadPartition
  /** Ready to be appended elsewhere; without control batches, aborted ones, and records below the position. May be empty. */
  readonly batches: readonly FetchedBatch[]
  /** After all that was read, what was left out included. */
  readonly nextOffset: number
  readonly leaderEpoch: number
}

export interface FetchedBatch extends CopyableBatch {
  /** Offset at the source of its last record; what follows it may still be part of the batch's range. */
  readonly lastOffset: number
  readonly leaderEpoch: number
}

/** What one fetch brought. The batches are views of one response buffer. */
export interface Fetched {
  readonly runs: readonly FetchedRun[]
  /** When the response arrived: milliseconds of `performance.now()`. */
  readonly receivedAt: number
}
