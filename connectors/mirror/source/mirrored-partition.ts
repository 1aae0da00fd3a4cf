import type { ConnectError, Logger, SourcePartition } from '../../../framework/api/index.ts'
import type { ReadPartition } from '../../../framework/kafka/reader/partition.ts'
import type { PartitionEntry } from '../../../framework/runtime/index.ts'
import type { CopiedPartition } from '../offset-syncs/copied-offsets.ts'

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
    this.#readCommitted = readCommitted
  }

  /** A part was read. */
  delivered(): void {
    this.#underway++
    this.#entry.copying()
  }

  /** A part was acknowledged; `nextOffset` = after its last record, `receivedAt` = 0 for a part without records. */
  acknowledged(nextOffset: number, receivedAt: number): void {
    this.#underway--
    this.#acknowledged = nextOffset
    if (receivedAt > 0) this.#entry.latency.record(performance.now() - receivedAt)
    this.measured()
  }

  /** Compares what is acknowledged with the log's end. */
  measured(): void {
    const { read } = this
    if (read === null) return
    const end = this.#readCommitted && read.lastStableOffset >= 0 ? read.lastStableOffset : read.highWatermark
    if (end < 0) return
    const at = this.#underway === 0 ? read.offset : this.#acknowledged
    this.#entry.lagRecords = Math.max(0, end - Math.max(at, 0))
    if (this.#underway === 0 && read.offset >= end) this.#entry.caughtUp()
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
