import type { OffsetMap, OffsetPair, Translation } from './offset-map.ts'
import { UNKNOWN } from './run-segment.ts'
import {
  findSource,
  findTarget,
  lastPlace,
  type Place,
  previousPlace,
  type Segments,
  segmentAt,
  targetEndAt,
} from './segments.ts'

/** What counts for all segments of a map; it may change between calls. */
export interface MapState {
  /** Source offset below which everything is accounted for, as copied, hole or unknown. */
  readonly coveredEnd: number
  readonly topicId: string | null
}

/** Answers from the segments of a map, wherever they are kept. Binary search: decodes one segment an answer, seldom two. */
export class RunLookup implements OffsetMap {
  readonly #segments: Segments
  readonly #state: MapState

  constructor(segments: Segments, state: MapState) {
    this.#segments = segments
    this.#state = state
  }

  get topicId(): string | null {
    return this.#state.topicId
  }

  get end(): OffsetPair | null {
    const target = targetEndAt(this.#segments, lastPlace(this.#segments))
    return target < 0 ? null : { source: this.#state.coveredEnd, target }
  }

  translate(source: number): Translation | null {
    const place = findSource(this.#segments, source)
    if (place === null) return null
    const { start, length, target } = entryAt(place)
    if (target !== UNKNOWN) {
      return { offset: target + Math.min(source - start, length), exactness: source <= this.#state.coveredEnd ? 'exact' : 'low' }
    }
    const offset = targetEndAt(this.#segments, place)
    return offset < 0 ? null : { offset, exactness: source === start ? 'exact' : 'low' }
  }

  translateBack(target: number): Translation | null {
    const place = findTarget(this.#segments, target)
    if (place === null) return null
    const entry = entryAt(place)
    const past = target - entry.target
    if (past === 0) return { offset: this.#sourceBehind(place), exactness: 'exact' }
    return { offset: entry.start + Math.min(past, entry.length), exactness: past <= entry.length ? 'exact' : 'low' }
  }

  isCopy(target: number): boolean {
    const place = findTarget(this.#segments, target)
    if (place === null) return false
    const entry = entryAt(place)
    return target < entry.target + entry.length
  }

  knownAtOrBelow(source: number): OffsetPair | null {
    const place = findSource(this.#segments, source)
    if (place === null) return null
    const { start, target } = entryAt(place)
    const at = target === UNKNOWN ? start : Math.min(source, this.#state.coveredEnd)
    const translation = this.translate(at)
    return translation?.exactness === 'exact' ? { source: at, target: translation.offset } : null
  }

  knownAbove(source: number): OffsetPair | null {
    const at = segmentAt(this.#segments, source)
    let index = at < 0 ? 0 : this.#segments.segment(at).indexOf(source) + 1
    for (let s = Math.max(at, 0); s < this.#segments.count; s++, index = 0) {
      const segment = this.#segments.segment(s)
      for (; index < segment.count; index++) {
        if (segment.target(index) !== UNKNOWN) return { source: segment.start(index), target: segment.target(index) }
      }
    }
    return null
  }

  /**
   * Where a consumer goes on that has read all before this run: at its start. Where what lies between it and the run before it at the source
   * is unknown and there is no room for it at the target, it was not read there, and the consumer goes on at the end of the run before.
   */
  #sourceBehind(place: Place): number {
    const { start, target } = entryAt(place)
    let isUnknownBetween = false
    for (let before = previousPlace(this.#segments, place); before !== null; before = previousPlace(this.#segments, before)) {
      const entry = entryAt(before)
      if (entry.target === UNKNOWN) isUnknownBetween = true
      else if (entry.target + entry.length < target) break
      else if (entry.length > 0) return isUnknownBetween ? entry.start + entry.length : start
    }
    return start
  }
}

interface Entry {
  readonly start: number
  readonly length: number
  readonly target: number
}

const entryAt = ({ segment, index }: Place): Entry => ({
  start: segment.start(index),
  length: segment.length(index),
  target: segment.target(index),
})
