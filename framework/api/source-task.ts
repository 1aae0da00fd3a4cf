import type { Observable } from 'rxjs'
import type { ConnectError } from './connect-error.ts'
import type { ConnectRecord } from './data-record.ts'
import type { EncodedRecords, SourceOffset, SourcePartition, SourceRecord } from './records.ts'
import type { TaskContext } from './task-context.ts'
import type { OffsetReader } from './tokens.ts'

/** A permit to deliver one batch. */
export interface Demand {
  /** Deliver at most about this many bytes; a single larger record batch is still delivered whole. */
  readonly maxBytes: number
  /** Deliver at most this many decoded records; encoded batches count by their bytes alone. */
  readonly maxRecords: number
  /** Aborted when the task stops or is paused: end a long poll at once, and answer with what there is. */
  readonly signal: AbortSignal
}

/** What one demand yields. */
export interface SourceBatch {
  readonly parts: readonly SourcePart[]
  /** When the source was asked for it and when it had answered, in milliseconds of `performance.now()`: for traces. Absent = not known. */
  readonly requestedAt?: number
  readonly receivedAt?: number
}

/** A run of records of one source partition, in order. */
export interface SourcePart {
  readonly sourcePartition: SourcePartition
  /** Of the last record of this part (or of the last one consumed, where the rest was filtered away). Stored once the part and all before it are acknowledged. */
  readonly sourceOffset: SourceOffset
  /**
   * Empty = only the offset moves on. All of one kind: bytes, which the topic gets as they are; values, which the converters write (`connectRecord`);
   * or one RecordBatch as bytes. Where transforms are set, bytes are read by the converters first, and written by them again.
   */
  readonly records: readonly SourceRecord[] | readonly ConnectRecord[] | EncodedRecords
}

/** The target took a part. */
export interface SourceAck {
  readonly part: SourcePart
  readonly topic: string
  readonly partition: number
  /** Target offset of the part's first record; the others follow without a gap. -1 when unknown (the broker recognised a retry, or the records went to several places). */
  readonly baseOffset: number
  /** Records written: fewer than the part had where transforms dropped some or `errors.tolerance` passed over some; 0 = none of them. */
  readonly count: number
}

export interface SourceTaskContext extends TaskContext {
  readonly offsets: OffsetReader
}

/**
 * Reads from a source. Life cycle, each call made by the runtime and never two at a time except as said:
 *
 * 1. `start`, once. A rejection fails the task.
 * 2. `batches`, once, after `start`. The runtime subscribes once. For each demand the task emits exactly one batch, possibly empty,
 *    in any time it likes; demands are outstanding concurrently up to the window. `demand$` completes = finish what was asked, then complete.
 *    Unsubscription = stop now. An error fails the task; what concerns one source partition goes to `context.partitionFailed` instead.
 * 3. `acknowledged`, `refused`, `throttle`: any time between the first batch and `stop`, synchronously, in order per source partition. Must not throw.
 *    `commit`: never two at a time.
 * 4. `stop`, once, also after a failed `start`. Releases everything.
 */
export abstract class SourceTask {
  abstract start(context: SourceTaskContext): Promise<void>
  abstract batches(demand$: Observable<Demand>): Observable<SourceBatch>
  /** Where a part's records now stand. Called once per part, also for empty ones (count 0, baseOffset -1). */
  acknowledged?(ack: SourceAck): void
  /** The target refused a part for good: this source partition has FAILED, nothing of it will be sent or committed any more; stop reading it. */
  refused?(sourcePartition: SourcePartition, error: ConnectError): void
  /** `paused`: its target does not take records at present; read no more of it until `resumed`, so that it does not fill the window. */
  throttle?(sourcePartition: SourcePartition, state: 'paused' | 'resumed'): void
  /**
   * Acknowledged source offsets are about to be stored: what the task keeps beside them can be written first. Waited for, but no longer
   * than until the signal aborts; after a rejection the offsets are stored all the same.
   */
  commit?(signal: AbortSignal): Promise<void>
  stop?(): Promise<void>
}
