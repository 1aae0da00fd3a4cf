import type { ConnectError, Logger, SourcePartition } from '../../../framework/api/index.ts'
import { turnNow } from '../../../framework/flow/index.ts'
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
  /** Everything before it was read, or is gone from the source. */
  #next = -1
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
    this.#next = read.offset
    this.#waiting.begin()
    this.#entry.lagsFrom(read.offset)
  }

  /** A part was read, null = one without records; reading goes on at `nextOffset`, which may be anywhere. */
  delivered(part: MirrorPart | null, nextOffset: number): void {
    this.#underway++
    this.#next = nextOffset
    this.#entry.copying()
    if (part !== null) this.#waiting.read(part)
    this.#recount()
  }

  /** A part was acknowledged; null = one without records. */
  acknowledged(part: MirrorPart | null): void {
    this.#underway--
    if (part !== null) {
      const now = turnNow()
      this.#entry.latency.record(now - part.receivedAt)
      this.#waiting.acknowledged(part, now)
    }
    this.#recount()
  }

  /** A response of the source says where its log ends. */
  measured(): void {
    if (this.#read === null) return
    this.#entry.logSpans(this.#read.logStartOffset, this.#endAsRead(this.#read))
    this.#recount()
  }

  #recount(): void {
    this.#entry.lagsFrom(this.#next)
    this.#waiting.measured()
    if (this.#underway === 0 && this.#entry.lagRecords === 0) this.#entry.caughtUp()
  }

  /** -1 = not known yet. */
  #endAsRead(read: ReadPartition): number {
    return this.#readCommitted && read.lastStableOffset >= 0 ? read.lastStableOffset : read.highWatermark
  }

  /** Records that the source has no more were not copied. */
  lost(records: number, cause: string, logger: Logger, fields: LossFields): void {
    this.#entry.gap(records, cause)
    if (fields.toOffset !== undefined) this.#next = fields.toOffset
    this.#recount()
    this.#tell(logger, { records, ...fields }, cause)
  }

  recreated(unread: number, cause: string, logger: Logger, fields: object): void {
    this.#entry.recreated(cause, unread)
    this.#next = 0
    this.#recount()
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
