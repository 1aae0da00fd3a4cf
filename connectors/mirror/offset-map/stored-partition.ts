import type { DecodedSegments } from './decoded-segments.ts'
import type { OffsetMap } from './offset-map.ts'
import type { PackedSegment } from './packed-segment.ts'
import { RunLookup } from './run-lookup.ts'
import type { RunSegment } from './run-segment.ts'
import type { Segments } from './segments.ts'

/** Positions of the segments that make up the map. */
interface Chain {
  readonly from: number
  readonly to: number
}

/** The segments of one partition's map as they are stored, and the map that they make up: a chain of segments that follow each other. */
export class StoredPartition implements Segments {
  /** Keeps up with the segments. */
  readonly map: OffsetMap = new RunLookup(this, this)
  readonly #decoded: DecodedSegments
  /** By number. */
  readonly #segments: PackedSegment[] = []
  /** Null = to be found when somebody asks. */
  #chain: Chain | null = { from: 0, to: 0 }
  #coveredEnd: number | null = null

  constructor(decoded: DecodedSegments) {
    this.#decoded = decoded
  }

  put(segment: PackedSegment): void {
    const isWhole = this.#isWhole
    const at = this.#position(segment.number)
    const isPresent = this.#segments[at]?.number === segment.number
    this.#segments.splice(at, isPresent ? 1 : 0, segment)
    this.#changed(isWhole && this.#fits(at))
  }

  delete(number: number): void {
    const isWhole = this.#isWhole
    const at = this.#position(number)
    if (this.#segments[at]?.number !== number) return
    if (at === 0) this.#segments.shift()
    else this.#segments.splice(at, 1)
    this.#changed(isWhole && (at === 0 || at === this.#segments.length))
  }

  /** The map, in order. Left out are segments of an older topic, and those that contradict the ones before them. */
  get kept(): readonly PackedSegment[] {
    const { from, to } = this.#found()
    return this.#segments.slice(from, to)
  }

  /** Numbers of the segments left out, as a crash between two writes may leave them behind. */
  get stale(): readonly number[] {
    const { from, to } = this.#found()
    return this.#segments.filter((_, at) => at < from || at >= to).map(({ number }) => number)
  }

  get topicId(): string | null {
    return this.#segments[this.#found().from]?.topicId ?? null
  }

  get coveredEnd(): number {
    this.#coveredEnd ??= this.#segments[this.#found().to - 1]?.coveredEnd ?? -1
    return this.#coveredEnd
  }

  get count(): number {
    const { from, to } = this.#found()
    return to - from
  }

  firstStart(at: number): number {
    return this.#segments[this.#found().from + at]!.firstStart
  }

  firstTarget(at: number): number {
    return this.#segments[this.#found().from + at]!.firstTarget
  }

  segment(at: number): RunSegment {
    return this.#decoded.get(this.#segments[this.#found().from + at]!)
  }

  /** Position of the first segment with this number or a higher one. */
  #position(number: number): number {
    let low = 0
    let high = this.#segments.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#segments[middle]!.number < number) low = middle + 1
      else high = middle
    }
    return low
  }

  get #isWhole(): boolean {
    return this.#chain !== null && this.#chain.to - this.#chain.from === this.#segments.length
  }

  #fits(at: number): boolean {
    const [before, segment, after] = [this.#segments[at - 1], this.#segments[at]!, this.#segments[at + 1]]
    return (before?.isFollowedBy(segment) ?? true) && (after === undefined || segment.isFollowedBy(after))
  }

  #changed(isWhole: boolean): void {
    this.#chain = isWhole ? { from: 0, to: this.#segments.length } : null
    this.#coveredEnd = null
  }

  #found(): Chain {
    this.#chain ??= chainOf(this.#segments)
    return this.#chain
  }
}

/** Of the highest number's topic; it ends where a segment does not follow. */
function chainOf(segments: readonly PackedSegment[]): Chain {
  const topicId = segments[segments.length - 1]?.topicId ?? null
  let from = 0
  for (const [at, segment] of segments.entries()) {
    if (segment.topicId !== topicId) from = at + 1
    else if (at > from && !segments[at - 1]!.isFollowedBy(segment)) return { from, to: at }
  }
  return { from, to: segments.length }
}
