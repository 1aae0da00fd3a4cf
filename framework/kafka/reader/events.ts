import type { ConnectError } from '../../api/index.ts'
import type { ReadPartition } from './partition.ts'

/** Records that were not read and are no longer in the log, because retention or DeleteRecords removed them. */
export interface RetentionGap {
  readonly fromOffset: number
  /** The log's new start, where reading goes on. */
  readonly toOffset: number
}

/** The log was cut off below what had been read (an unclean leader election, a lost disk) and may have grown again. */
export interface Truncation {
  /** Of the next record that would have been read. */
  readonly position: number
  /** Where reading goes on: the first offset whose record may differ from what was read. */
  readonly resumeOffset: number
}

/** Another topic of the same name took the place of the one that was read. Reading goes on at its start. */
export interface Recreation {
  readonly oldTopicId: string
  readonly newTopicId: string
  /** Of the next record that would have been read from the old topic. */
  readonly position: number
  /** Records of the old topic known to exist that were never read. */
  readonly unread: number
}

/** What the owner of a reader is told, synchronously. */
export interface ReaderEvents {
  /** The three losses: returning `stop` ends the reading of this partition at the old position. */
  gap(partition: ReadPartition, gap: RetentionGap): 'continue' | 'stop'
  truncated(partition: ReadPartition, truncation: Truncation): 'continue' | 'stop'
  recreated(partition: ReadPartition, recreation: Recreation): 'continue' | 'stop'
  /** No progress for the time being. */
  retrying(partition: ReadPartition, cause: ConnectError): void
  /** Progress again, after `retrying`. */
  flowing(partition: ReadPartition): void
  /** This partition cannot be read on; the others are. */
  failed(partition: ReadPartition, error: ConnectError): void
  /** Position against log end may have changed; called after each response for each partition in it, and for all after a silence. */
  measured(partition: ReadPartition): void
}
