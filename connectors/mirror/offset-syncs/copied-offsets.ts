import type { Logger } from '../../../framework/api/index.ts'
import type { MapPartition } from '../offset-map/map-partition.ts'
import type { OffsetMapWriter } from '../offset-map/offset-map-writer.ts'
import type { OffsetSyncWriter } from './offset-sync-writer.ts'
import { PartitionSyncs } from './partition-syncs.ts'

/** Source offsets of a batch of records. */
export interface CopiedRecords {
  readonly count: number
  readonly firstOffset: number
  /** Null = they follow the first one without holes. */
  readonly sourceOffsets: readonly number[] | null
}

/** What is told about one partition as its parts are acknowledged. */
export class CopiedPartition {
  readonly map: MapPartition
  readonly syncs: PartitionSyncs
  /** After all that was acknowledged; -1 = reading has not begun. */
  position = -1

  constructor(map: MapPartition, maxOffsetLag: number) {
    this.map = map
    this.syncs = new PartitionSyncs(map.topic, map.partition, maxOffsetLag)
  }
}

export interface CopiedOffsetsOptions {
  readonly syncs: OffsetSyncWriter
  readonly map: OffsetMapWriter
  /** `offset.lag.max` */
  readonly maxOffsetLag: number
  readonly logger: Logger
  /** Closes the clients of both writers. */
  readonly close: () => Promise<void>
}

/** Tells the offset syncs and the exact map of a task where its records stand in the target. Never holds up the copy, never fails it. */
export class CopiedOffsets {
  readonly #options: CopiedOffsetsOptions

  constructor(options: CopiedOffsetsOptions) {
    this.#options = options
  }

  /** Before `start`. */
  add(topic: string, partition: number): CopiedPartition {
    return new CopiedPartition(this.#options.map.add(topic, partition), this.#options.maxOffsetLag)
  }

  start(): void {
    this.#options.map.start()
  }

  /** The partition is read from this source offset on. */
  begin(partition: CopiedPartition, source: number): void {
    partition.position = source
    partition.map.runs.begin(source)
    partition.syncs.begin()
  }

  /**
   * A part was acknowledged; in order per partition.
   * @param nextOffset after all that the part accounts for
   * @param topicId of the source topic; null = not known
   * @param records null = none: only the position moves
   * @param baseOffset target offset of the first record; -1 = not known
   */
  acknowledged(
    partition: CopiedPartition,
    nextOffset: number,
    topicId: string | null,
    records: CopiedRecords | null,
    baseOffset: number,
  ): void {
    const { map } = partition
    if (topicId !== null && topicId !== map.topicId) {
      map.setTopic(topicId, records?.firstOffset ?? nextOffset)
      partition.syncs.begin()
    }
    if (records === null) {
      if (nextOffset < partition.position) {
        map.runs.cutOff(nextOffset)
        partition.syncs.begin()
      }
    } else if (records.sourceOffsets === null) this.#copied(partition, records.firstOffset, records.count, baseOffset)
    else this.#copiedWithHoles(partition, records.sourceOffsets, baseOffset)
    partition.position = nextOffset
    map.runs.cover(nextOffset)
  }

  /** Source offsets are about to be committed. Rejects when the map could not be written. */
  async commit(signal: AbortSignal): Promise<void> {
    this.#options.syncs.promote()
    await this.#options.map.flush(signal)
  }

  /** Writes what is left, at most until the signal aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    const { syncs, map, logger, close } = this.#options
    try {
      await Promise.all([syncs.close(signal), map.flush(signal)])
    } catch (error) {
      logger.warn({ err: error }, `The offset map was not written to its end: ${(error as Error).message}`)
    }
    await map.close()
    await close()
  }

  #copied(partition: CopiedPartition, start: number, count: number, target: number): void {
    if (target < 0) partition.map.runs.appendUnplaced(start, count)
    else {
      partition.map.runs.append(start, count, target)
      this.#options.syncs.copied(partition.syncs, start, target, count)
    }
  }

  #copiedWithHoles(partition: CopiedPartition, offsets: readonly number[], baseOffset: number): void {
    let first = 0
    for (let i = 1; i <= offsets.length; i++) {
      if (i < offsets.length && offsets[i] === offsets[i - 1]! + 1) continue
      this.#copied(partition, offsets[first]!, i - first, baseOffset < 0 ? -1 : baseOffset + first)
      first = i
    }
  }
}
