import type { StoredRecord } from '../formats/index.ts'
import { PartitionRuns } from './partition-runs.ts'
import type { RunSegment } from './run-segment.ts'
import { decodeSegment, decodeSegmentKey, type StoredSegment } from './segment-format.ts'

/** One partition's map as it is stored. */
export interface StoredRuns {
  readonly runs: PartitionRuns
  /** Of the source topic, 32 hexadecimal digits; null = not known. */
  readonly topicId: string | null
  /** Segments that contradict those before them, as a crash between two writes may leave behind. */
  readonly stale: readonly number[]
}

/** Collects the segments of a map as they are read, newest record first choice. */
export class StoredMap {
  readonly #partitions = new Map<string, Map<number, StoredSegment>>()
  readonly #isWanted: (topic: string, partition: number) => boolean

  /** @param isWanted others are passed over; all are wanted by default */
  constructor(isWanted: (topic: string, partition: number) => boolean = () => true) {
    this.#isWanted = isWanted
  }

  /** @throws ConnectError OFFSET_MAP_MALFORMED; what was known before is kept */
  put(record: StoredRecord): { readonly topic: string; readonly partition: number } {
    const { topic, partition, segment } = decodeSegmentKey(record)
    if (!this.#isWanted(topic, partition)) return { topic, partition }
    const name = `${topic}-${partition}`
    const segments = this.#partitions.get(name) ?? new Map<number, StoredSegment>()
    if (record.value === null) segments.delete(segment)
    else segments.set(segment, decodeSegment(segment, record))
    if (segments.size === 0) this.#partitions.delete(name)
    else this.#partitions.set(name, segments)
    return { topic, partition }
  }

  /** Null: nothing is stored. */
  runsOf(topic: string, partition: number): StoredRuns | null {
    const segments = this.#partitions.get(`${topic}-${partition}`)
    if (segments === undefined) return null
    const numbers = [...segments.keys()].sort((a, b) => a - b)
    const newest = segments.get(numbers[numbers.length - 1]!)!
    const kept: RunSegment[] = []
    for (const number of numbers) {
      const { runs, topicId } = segments.get(number)!
      if (topicId !== newest.topicId) kept.length = 0
      else if (kept.length > 0 && !follows(runs, kept[kept.length - 1]!)) break
      if (topicId === newest.topicId) kept.push(runs)
    }
    const last = kept[kept.length - 1]!
    const { coveredEnd } = segments.get(last.number)!
    const numbersKept = new Set(kept.map(({ number }) => number))
    const stale = numbers.filter(number => !numbersKept.has(number))
    const runs = new PartitionRuns(kept, Math.max(coveredEnd, endOf(last).source))
    runs.topicId = newest.topicId
    return { runs, topicId: newest.topicId, stale }
  }
}

const endOf = (segment: RunSegment): { readonly source: number; readonly target: number } => {
  for (let i = segment.count - 1; i >= 0; i--) {
    const length = segment.length(i)
    if (segment.target(i) >= 0) return { source: segment.start(i) + length, target: segment.target(i) + length }
  }
  return { source: segment.start(0), target: 0 }
}

/** A segment that begins with an unknown entry says nothing of its target. */
const follows = (next: RunSegment, before: RunSegment): boolean => {
  const end = endOf(before)
  if (next.number !== before.number + 1 || next.start(0) < end.source) return false
  const first = next.target(0) >= 0 || next.count === 1 ? next.target(0) : next.target(1)
  return first < 0 || first >= end.target
}
