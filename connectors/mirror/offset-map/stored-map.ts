import type { StoredRecord } from '../formats/index.ts'
import { DecodedSegments } from './decoded-segments.ts'
import type { OffsetMap } from './offset-map.ts'
import { PackedSegment } from './packed-segment.ts'
import { PartitionRuns } from './partition-runs.ts'
import { decodeSegment, decodeSegmentKey } from './segment-format.ts'
import { StoredPartition } from './stored-partition.ts'

/** One partition's map as it is stored. */
export interface StoredRuns {
  readonly runs: PartitionRuns
  /** Segments that contradict those before them, as a crash between two writes may leave behind. */
  readonly stale: readonly number[]
}

/** Collects the segments of maps as they are read, newest record first choice. Keeps them encoded: 3 to 6 bytes a run, and 2 to find them. */
export class StoredMap {
  readonly #decoded = new DecodedSegments()
  readonly #partitions = new Map<string, StoredPartition>()
  /** One string for all segments of a topic. */
  readonly #topicIds = new Map<string, string>()
  readonly #isWanted: (topic: string, partition: number) => boolean

  /** @param isWanted others are passed over; all are wanted by default */
  constructor(isWanted: (topic: string, partition: number) => boolean = () => true) {
    this.#isWanted = isWanted
  }

  /** @throws ConnectError OFFSET_MAP_MALFORMED; what was known before is kept */
  put(record: StoredRecord): void {
    const { topic, partition, segment } = decodeSegmentKey(record)
    if (!this.#isWanted(topic, partition)) return
    const name = `${topic}-${partition}`
    const { value } = record
    if (value === null) {
      this.#partitions.get(name)?.delete(segment)
      return
    }
    const decoded = decodeSegment(segment, record)
    const packed = new PackedSegment(value, { ...decoded, topicId: this.#shared(decoded.topicId) })
    const stored = this.#partitions.get(name) ?? new StoredPartition(this.#decoded)
    this.#partitions.set(name, stored)
    stored.put(packed)
  }

  /** To be asked; keeps up with what is put in. Decodes what an answer needs. Null: nothing is stored. */
  mapOf(topic: string, partition: number): OffsetMap | null {
    const stored = this.#partitions.get(`${topic}-${partition}`)
    return stored === undefined || stored.count === 0 ? null : stored.map
  }

  /** To be gone on with: a copy, all of it decoded. Null: nothing is stored. */
  runsOf(topic: string, partition: number): StoredRuns | null {
    const stored = this.#partitions.get(`${topic}-${partition}`)
    if (stored === undefined || stored.count === 0) return null
    const runs = new PartitionRuns(
      stored.kept.map(segment => segment.runs),
      stored.coveredEnd,
    )
    runs.topicId = stored.topicId
    return { runs, stale: stored.stale }
  }

  #shared(topicId: string | null): string | null {
    if (topicId === null) return null
    const present = this.#topicIds.get(topicId)
    if (present === undefined) this.#topicIds.set(topicId, topicId)
    return present ?? topicId
  }

  /** Bytes of segments, encoded, and of those decoded for answers. */
  get byteLength(): number {
    const sizes = this.#partitions.values().flatMap(({ kept }) => kept.map(({ byteLength }) => byteLength))
    return sizes.reduce((sum, size) => sum + size, this.#decoded.byteLength)
  }
}
