import type { CopyableBatch } from '../record-batch/index.ts'
import type { SharedMemory } from './buffer-pool.ts'
import type { ReadPartition } from './partition.ts'

/** Consecutive batches of one partition from one response. */
export interface FetchedRun {
  readonly partition: ReadPartition
  /** Ready to be appended elsewhere; without control batches, aborted ones, and records below the position. May be empty. */
  readonly batches: readonly FetchedBatch[]
  /** After all that was read, what was left out included. */
  readonly nextOffset: number
  readonly leaderEpoch: number
  /** Of the topic these were read from; null = not known. */
  readonly topicId: string | null
}

export interface FetchedBatch extends CopyableBatch {
  /** Offset at the source of its first record, where the records follow each other without holes. */
  readonly firstOffset: number
  /** Offset at the source of its last record; what follows it may still be part of the batch's range. */
  readonly lastOffset: number
  readonly leaderEpoch: number
  /** At the source: `bytes` carry their timestamps either way. */
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
}

/** What one fetch brought. The batches are views of one response buffer. */
export interface Fetched {
  readonly runs: readonly FetchedRun[]
  /** When it was asked for; the broker may have waited for records. Milliseconds of `performance.now()`. */
  readonly requestedAt: number
  /** When the response arrived, likewise. */
  readonly receivedAt: number
  /** Counts one view per batch in `runs`: release each when it is acknowledged, so that the buffer can be used again. */
  readonly memory: SharedMemory
}
