import type { OffsetMap } from '../offset-map/offset-map.ts'
import { above, type OffsetRange, sizeOf, targetGaps } from './target-gaps.ts'

/** One side of a partition that has the same name on both clusters. */
export interface Side {
  readonly logStart: number
  readonly logEnd: number
  /** Of the last record that the flow from here has copied; -1 = none, or of another topic. */
  readonly stored: number
  /** Of the flow from here to the other side; null = there is none. */
  readonly map: OffsetMap | null
}

/** A partition whose copy keeps its name, seen before the flow back is started. */
export interface SharedPartition {
  readonly topic: string
  readonly partition: number
  /** Where the records came from: A. */
  readonly home: Side
  /** Where records were produced since: B. */
  readonly away: Side & { readonly topicId: string | null }
  /** Gaps among the copies that repeat what follows them, as a crash of the mirror leaves behind. */
  readonly repeats: readonly OffsetRange[]
}

/** Where the flow back is to start in one partition, and what speaks against it. */
export interface PlannedStart {
  readonly topic: string
  readonly partition: number
  /** On the cluster that the flow back reads; null = not known. */
  readonly topicId: string | null
  /** Of the last record that counts as copied: stored now, and to be stored; -1 = none. */
  readonly stored: number
  readonly start: number
  readonly action: 'set' | 'there'
  /** Offsets at home that never got away. */
  readonly neverCopied: OffsetRange | null
  /** Offsets at home that were copied, but nothing tells where to. */
  readonly untraced: OffsetRange | null
  /** Offsets that home has lost since they were copied. */
  readonly lost: OffsetRange | null
  /** Offsets away, between records from home, that are not known to come from there. */
  readonly among: readonly OffsetRange[]
  /** Records away before the first that is known to come from home; they count as copies. */
  readonly before: number
}

/**
 * The flow back starts after the last record that came from home, so that nothing is copied back. Where other records lie among those,
 * they would be lost at home: it starts before them then, and what came from home after them is copied back.
 */
export function planStart(shared: SharedPartition): PlannedStart {
  const { home, away, topic, partition, repeats } = shared
  const end = Math.min(home.map?.end?.target ?? 0, away.logEnd)
  const firstNew = Math.max(away.stored + 1, away.logStart)
  const gaps = home.map === null ? [] : targetGaps(home.map)
  const among = above(gaps, firstNew).filter(gap => gap.from < end && !isWithin(gap, repeats))
  const wanted = (among[0]?.from ?? end) - 1
  const start = Math.max(away.stored, wanted)
  const first = home.map?.knownAbove(-1)?.target ?? 0
  return {
    topic,
    partition,
    topicId: away.topicId,
    stored: away.stored,
    start,
    action: start > away.stored ? 'set' : 'there',
    ...atHome(home, away),
    among,
    before: Math.max(0, Math.min(first, end) - firstNew),
  }
}

/** Of what came after the last record from away: what lies before it was there when that was copied. */
function atHome(home: Side, away: Side): Pick<PlannedStart, 'neverCopied' | 'untraced' | 'lost'> {
  const known = Math.max(home.map?.end?.source ?? 0, away.map?.end?.target ?? 0, home.logStart)
  return {
    untraced: range(known, Math.min(home.stored + 1, home.logEnd)),
    lost: range(home.logEnd, home.map?.end?.source ?? 0),
    neverCopied: range(Math.max(known, home.stored + 1), home.logEnd),
  }
}

export const recordsOf = (ranges: readonly (OffsetRange | null)[]): number => sizeOf(ranges.filter(each => each !== null))

const range = (from: number, to: number): OffsetRange | null => (from < to ? { from, to } : null)

const isWithin = ({ from, to }: OffsetRange, ranges: readonly OffsetRange[]): boolean =>
  ranges.some(outer => from >= outer.from && to <= outer.to)
