import type { ConnectError, Logger, SourcePartition } from '../../../framework/api/index.ts'
import type { ReadPartition } from '../../../framework/kafka/reader/partition.ts'
import type { PartitionEntry } from '../../../framework/runtime/index.ts'
import { besideSpan } from '../../../framework/telemetry/index.ts'
import type { CopiedPartition } from '../offset-syncs/copied-offsets.ts'
import type { MirrorPart } from './mirror-records.ts'
import { WaitingParts } from './waiting-parts.ts'

/** Of the log line. */
interface LossFields {
  readonly code: string
  /** Where reading goes on beyond a gap. */
  readonly toOffset?: number
  readonly [field: string]: unknown
}

/** One source partition of a task, with its target and its status. */
export class MirroredPartition {
  readonly sourcePartition: SourcePartition
  readonly targetTopic: string
  readonly partition: number
  /** `topic-3 on A`. */
  readonly label: string
  /** Where its records stand in the target; null = nobody wants to know. */
  readonly copied: CopiedPartition | null
  readonly #entry: PartitionEntry
  readonly #readCommitted: boolean
  readonly #waiting: WaitingParts
  #read: ReadPartition | null = null
  /** After the last record that the target acknowledged, and where this began before that. */
  #acknowledged = -1
  /** Records before this are gone from the source. */
  #goneBefore = -1
  #underway = 0

  constructor(
    sourcePartition: SourcePartition,
    targetTopic: string,
    entry: PartitionEntry,
    readCommitted: boolean,
    copied: CopiedPartition | null,
  ) {
    this.copied = copied
    this.sourcePartition = sourcePartition
    this.targetTopic = targetTopic
    this.partition = sourcePartition.partition as number
    this.label = `${sourcePartition.topic}-${sourcePartition.partition} on ${sourcePartition.cluster}`
    this.#entry = entry
    this.#waiting = new WaitingParts(entry)
    entry.targetTopic = targetTopic
    this.#readCommitted = readCommitted
  }

  /** Null until its start is known. */
  get read(): ReadPartition | null {
    return this.#read
  }

  /** Once. */
  begin(read: ReadPartition): void {
    this.#read = read
    this.#acknowledged = read.offset
  }

  /** Reading goes on elsewhere, before what was acknowledged or beyond it. */
  movedTo(offset: number): void {
    this.#acknowledged = offset
    this.#goneBefore = -1
  }

  /** A part was read; null = one without records. */
  delivered(part: MirrorPart | null): void {
    this.#underway++
    this.#entry.copying()
    if (part !== null) this.#waiting.read(part)
    this.measured()
  }

  /** A part was acknowledged; `nextOffset` = after its last record, null = it had no records. */
  acknowledged(nextOffset: number, part: MirrorPart | null): void {
    this.#underway--
    this.#acknowledged = nextOffset
    if (part !== null) {
      const now = performance.now()
      this.#entry.latency.record(now - part.receivedAt)
      this.#waiting.acknowledged(part, now)
    }
    this.measured()
  }

  /** Compares what is acknowledged with the log's end. */
  measured(): void {
    const end = this.#endAsRead()
    if (end < 0) return
    const at = Math.max(this.#acknowledged, this.#goneBefore)
    this.#entry.ackedOffset = at
    this.#entry.lagRecords = Math.max(0, end - at)
    this.#waiting.measured()
    if (this.#underway === 0 && at >= end) this.#entry.caughtUp()
  }

  #endAsRead(): number {
    const read = this.#read
    if (read === null) return -1
    return this.#readCommitted && read.lastStableOffset >= 0 ? read.lastStableOffset : read.highWatermark
  }

  /** Records that the source has no more were not copied. */
  lost(records: number, cause: string, logger: Logger, fields: LossFields): void {
    if (fields.toOffset !== undefined) this.#goneBefore = fields.toOffset
    this.#entry.gap(records, cause)
    this.#tell(logger, { records, ...fields }, cause)
  }

  recreated(unread: number, cause: string, logger: Logger, fields: object): void {
    this.#entry.recreated(cause, unread)
    this.#tell(logger, { unread, ...fields }, cause)
  }

  #tell(logger: Logger, fields: object, cause: string): void {
    besideSpan(this.#entry.events.span, () => logger.error({ partition: this.sourcePartition, ...fields }, cause))
  }

  retrying(cause: ConnectError): void {
    this.#entry.retrying(cause.message, 'source', cause.code)
  }

  flowing(): void {
    this.#entry.flowing('source')
  }
}
