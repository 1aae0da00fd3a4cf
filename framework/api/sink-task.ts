import type { Observable } from 'rxjs'
import type { ConnectError } from './connect-error.ts'
import type { ConnectRecord } from './data-record.ts'
import type { RecordHeader } from './records.ts'
import type { TaskContext } from './task-context.ts'

/** One partition of one topic. */
export interface SinkPartition {
  readonly topic: string
  readonly partition: number
}

/** One record as the log holds it. Key, value and headers are views over its batch: copy what is to be kept after the batch is acknowledged. */
export interface SinkRecord extends SinkPartition {
  readonly offset: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
  /** Milliseconds since the epoch; -1 = none. */
  readonly timestamp: number
  /** Whether the producer or the broker said so. */
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
}

/** A record as converters and transforms made it: a transform may have changed its topic and partition, `original` has them as they were. */
export interface SinkValue extends ConnectRecord {
  readonly partition: number
  readonly offset: number
  readonly original: SinkRecord
}

/** Consecutive records of one partition. Records that compaction or an aborted transaction took away are not among them: offsets may have holes. */
export interface SinkBatch extends SinkPartition {
  readonly firstOffset: number
  readonly lastOffset: number
  /** Of records, at least 1. */
  readonly count: number
  /** As they were sent, perhaps compressed: what the batch takes of the window until it is acknowledged. */
  readonly byteLength: number
  /** Deliveries of this batch so far, this one included: more than 1 after a failure. */
  readonly deliveries: number
  /**
   * Aborted when its partition goes to another member or the task stops: do not begin with the batch any more, and end waiting. One that
   * was begun may be finished and acknowledged; answer one that will not be with `{ batch, nextOffset }`, so that nobody waits for it.
   */
  readonly signal: AbortSignal
  /**
   * The records as bytes. Decodes on the first call, returns the same array afterwards. Throws `ConnectError` BATCH_CORRUPT, which concerns this
   * partition only, and TRANSFORMS_UNUSED where the configuration has transforms, which bytes would pass by.
   */
  records(): readonly SinkRecord[]
  /**
   * The records as values: read by the converters, changed by the transforms, without those that a transform drops or that could not be converted
   * and may be passed over (`errors.tolerance`, then reported). Converts on the first call, resolves with the same array afterwards. Rejects with
   * `ConnectError`: as `records` does, and TOLERANCE_EXCEEDED, which fails the task even where it is caught. Pass rejections on.
   */
  values(): Promise<readonly SinkValue[]>
  /** As in the context of the task. */
  readonly errantRecords: ErrantRecordReporter | null
}

/** What became of a batch. Batches may be acknowledged in any order; what is committed is the acknowledged prefix of each partition. */
export interface SinkAck {
  readonly batch: SinkBatch
  /** Records before this offset are safe, the others are not yet: a further acknowledgement follows. Absent = all of them. */
  readonly nextOffset?: number
  /**
   * Retriable: the task will try again by itself; shown as RETRYING until the next acknowledgement of the batch.
   * Any other: the batch cannot be delivered. Its partition has FAILED, nothing after it is delivered or committed; other partitions go on.
   */
  readonly error?: ConnectError
}

/** Takes records that the sink cannot, so that the others go on. */
export interface ErrantRecordReporter {
  /**
   * Offsets from the record's on are not committed before this resolves. A rejection fails the task, whether it is awaited or not: with
   * TOLERANCE_EXCEEDED where `errors.tolerance` is none.
   */
  report(record: SinkRecord | SinkValue, error: unknown): Promise<void>
}

export interface SinkTaskContext extends TaskContext {
  /** The partitions that this task has now. */
  readonly assignment: readonly SinkPartition[]
  /** Null when nobody wants to have such records: then fail instead. */
  readonly errantRecords: ErrantRecordReporter | null
  /** Delivers no more of these partitions until `resume`; batches already delivered stay with the task. Throws `ConnectError` NOT_ASSIGNED. */
  pause(partitions: readonly SinkPartition[]): void
  resume(partitions: readonly SinkPartition[]): void
  /**
   * Goes on at another offset of a partition. Batches of it that are not acknowledged are forgotten, their later acknowledgements ignored.
   * In `open` this is where a sink that stores its own offsets begins. Throws `ConnectError` NOT_ASSIGNED.
   */
  seek(partition: SinkPartition, offset: number): void
  /** Commits what is acknowledged soon, not only after the interval. */
  requestCommit(): void
}

/** `revoked`: the group gives them to another member. `lost`: it already has; nothing was committed. `stopped`: the task stops. */
export type CloseReason = 'revoked' | 'lost' | 'stopped'

/**
 * Writes records somewhere. The runtime is a member of the consumer group `connect-<connector name>` on its behalf: it fetches, sends
 * heartbeats however long the task takes, commits and rebalances. Life cycle, each call made by the runtime:
 *
 * 1. `start`, once. A rejection fails the task.
 * 2. `deliver`, after `start`. Subscribed to once per call. Its argument emits batches, in order per partition, as many as the window of bytes
 *    has room for; the result emits what became of them. The argument completes = finish, then complete. Unsubscription = stop now.
 *    An error fails the task, except a retriable `ConnectError`: after a while `deliver` is called again and is given the same batches, as far as
 *    they are not acknowledged, before new ones. Membership of the group and partitions are kept meanwhile.
 * 3. `open`, `flush`, `close`: as told below; never two of them at a time, but beside `deliver`.
 * 4. `stop`, once, also after a failed `start`. Releases everything.
 *
 * Records are delivered at least once: what was not committed when a partition moves or a process dies is delivered again by the next owner.
 */
export abstract class SinkTask {
  abstract start(context: SinkTaskContext): Promise<void>
  abstract deliver(batch$: Observable<SinkBatch>): Observable<SinkAck>
  /** Partitions that the task did not have before; no batch of theirs comes before this resolves. A rejection fails the task. */
  open?(partitions: readonly SinkPartition[]): Promise<void>
  /**
   * For tasks that hold back: write what was delivered of these partitions and acknowledge it. Called before partitions are closed, every
   * `offset.flush.interval.ms` while something is not acknowledged, and when the window is full. A retriable rejection = what is not
   * acknowledged was dropped: it is delivered again. Any other fails the task.
   * @param signal aborted = nobody waits any longer
   */
  flush?(partitions: readonly SinkPartition[], signal: AbortSignal): Promise<void>
  /** Partitions that the task has no more, after their last commit. A rejection fails the task, unless it stops anyway. */
  close?(partitions: readonly SinkPartition[], reason: CloseReason): Promise<void>
  stop?(): Promise<void>
}
