import { type RunSegment, UNKNOWN } from './run-segment.ts'

/** The segments of one partition's map, none empty, in order of the offsets on both sides. Only what `segment` gives may have to be decoded first. */
export interface Segments {
  readonly count: number
  /** Source offset at which its first entry starts. */
  firstStart(at: number): number
  /** Target offset of its first entry that has one; UNKNOWN = none has. */
  firstTarget(at: number): number
  segment(at: number): RunSegment
}

/** Where an entry is. */
export interface Place {
  readonly at: number
  readonly segment: RunSegment
  readonly index: number
}

/** Position of the last segment that starts at or before `source`; -1 when all start after it. */
export function segmentAt(segments: Segments, source: number): number {
  let low = 0
  let high = segments.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (segments.firstStart(middle) <= source) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The last entry that starts at or before `source`. */
export function findSource(segments: Segments, source: number): Place | null {
  const at = segmentAt(segments, source)
  if (at < 0) return null
  const segment = segments.segment(at)
  return { at, segment, index: segment.indexOf(source) }
}

/** The last run that starts at or before `target`. */
export function findTarget(segments: Segments, target: number): Place | null {
  const at = lastAtMost(target, segments.count, i => segments.firstTarget(i))
  if (at < 0) return null
  const segment = segments.segment(at)
  return { at, segment, index: lastAtMost(target, segment.count, i => segment.target(i)) }
}

export function lastPlace(segments: Segments): Place | null {
  const at = segments.count - 1
  if (at < 0) return null
  const segment = segments.segment(at)
  return { at, segment, index: segment.count - 1 }
}

export function previousPlace(segments: Segments, { at, segment, index }: Place): Place | null {
  if (index > 0) return { at, segment, index: index - 1 }
  if (at === 0) return null
  const before = segments.segment(at - 1)
  return { at: at - 1, segment: before, index: before.count - 1 }
}

/** Behind the last target offset known at this entry, or before it if it is unknown; -1 = none is. */
export function targetEndAt(segments: Segments, from: Place | null): number {
  for (let place = from; place !== null; place = previousPlace(segments, place)) {
    const target = place.segment.target(place.index)
    if (target !== UNKNOWN) return target + place.segment.length(place.index)
  }
  return -1
}

/** Index of the last target at or below `target`; unknown ones are passed over. */
function lastAtMost(target: number, count: number, targetOf: (index: number) => number): number {
  let low = 0
  let high = count
  let found = -1
  while (low < high) {
    const middle = (low + high) >>> 1
    let known = middle
    while (known >= low && targetOf(known) === UNKNOWN) known--
    if (known < low) low = middle + 1
    else if (targetOf(known) <= target) {
      found = known
      low = middle + 1
    } else high = known
  }
  return found
}
