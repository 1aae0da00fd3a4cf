import type { OffsetMap } from '../offset-map/offset-map.ts'

/** Offsets of one partition, `to` not included. */
export interface OffsetRange {
  readonly from: number
  readonly to: number
}

/** Between the first and the last copy that a map knows: the offsets on the target of which it does not know that they are copies. */
export function targetGaps(map: OffsetMap): OffsetRange[] {
  const gaps: OffsetRange[] = []
  let run = map.knownAbove(-1)
  while (run !== null) {
    const next = map.knownAbove(run.source)
    if (next === null) return gaps
    if (!map.isCopy(next.target - 1) && next.target > run.target) {
      const from = run.target + (map.isCopy(run.target) ? lengthOf(map, run.source, next.target - 1) : 0)
      if (from < next.target) gaps.push({ from, to: next.target })
    }
    run = next
  }
  return gaps
}

/** Of the run that starts at `source`, asked about from behind its end. */
function lengthOf(map: OffsetMap, source: number, behind: number): number {
  return (map.translateBack(behind)?.offset ?? source) - source
}

/** What of the ranges lies at or above an offset. */
export const above = (ranges: readonly OffsetRange[], offset: number): OffsetRange[] =>
  ranges.flatMap(({ from, to }) => (to > offset ? [{ from: Math.max(from, offset), to }] : []))

export const sizeOf = (ranges: readonly OffsetRange[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0)
