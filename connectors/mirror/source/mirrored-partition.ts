import type { ConnectError, Logger, SourcePartition } from '../../../framework/api/index.ts'
import type { ReadPartition } from '../../../framework/kafka/reader/partition.ts'
import type { PartitionEntry } from '../../../framework/runtime/index.ts'
import type { CopiedPartition } from '../offset-syncs/copied-offsets.ts'
import type { MirrorPart } from './mirror-records.ts'
import { WaitingParts } from './waiting-parts.ts'

/** One source partition of a task, with its target and its status. */
export class MirroredPartition {
  readonly sourcePartition: SourcePartition
  readonly targetTopic: string
  readonly partition: number
  /** `topic-3 on A`. */
  readonly label: string
  /** Null until its start is known. */
  read: ReadPartition | null = null
  /** Where its records stand in the target; null = nobody wants to know. */
  readonly copied: CopiedPartition | null
  readonly #entry: PartitionEntry
  readonly #readCommitted: boolean
  readonly #waiting: WaitingParts
  /** After the last record that the target acknowledged. */
  #acknowledged = -1
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

  /** A part was read; null = one without records. */
  delivered(part: MirrorPart | null): void {
    this.#underway++
    this.#entry.copying()
    if (part !== null) this.#waiting.read(part)
  }

  /** A part was acknowledged; `nextOffset` = after its last record, null = it had no records. */
  acknowledged(nextOffset: number, part: MirrorPart | null): void {
    this.#underway--
    this.#acknowledged = nextOffset
    if (part !== null) {
      this.#entry.latency.record(performance.now() - part.receivedAt)
      this.#waiting.acknowledged(part)
    }
    this.measured()
  }

  /** Compares what is acknowledged with the log's end. @param end as it was asked for, where nothing is read at present */
  measured(end = this.#endAsRead()): void {
    const { read } = this
    if (read === null || end < 0) return
    const at = this.#underway === 0 ? read.offset : this.#acknowledged
    this.#entry.lagRecords = Math.max(0, end - Math.max(at, 0))
    this.#waiting.measured()
    if (this.#underway === 0 && read.offset >= end) this.#entry.caughtUp()
  }

  #endAsRead(): number {
    const { read } = this
    if (read === null) return -1
    return this.#readCommitted && read.lastStableOffset >= 0 ? read.lastStableOffset : read.highWatermark
  }

  /** Records that the source has no more were not copied. */
  lost(records: number, cause: string, logger: Logger, fields: object): void {
    this.#entry.gap(records, cause)
    logger.error({ partition: this.sourcePartition, records, ...fields }, cause)
  }

  recreated(unread: number, cause: string, logger: Logger, fields: object): void {
    this.#entry.recreated(cause, unread)
    logger.error({ partition: this.sourcePartition, unread, ...fields }, cause)
  }

  retrying(cause: ConnectError): void {
    this.#entry.retrying(cause.message, 'source', cause.code)
  }

  flowing(): void {
    this.#entry.flowing('source')
  }
}
