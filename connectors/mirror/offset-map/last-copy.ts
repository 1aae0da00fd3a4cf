import type { OffsetMap, OffsetPair } from './offset-map.ts'

/** A record, by its offsets on both sides; null = none is known. */
export type LastCopy = OffsetPair | null

/**
 * The last record that a map knows to be copied. What is copied later leaves it where it is; where records up to it are copied again, or the
 * target has lost them, the map knows it there no more.
 */
export function lastCopyOf(map: OffsetMap | null): LastCopy {
  const target = (map?.end?.target ?? 0) - 1
  const source = map?.translateBack(target)?.offset
  return source === undefined ? null : { source, target }
}

/** Whether the map still knows it, or still knows nothing. */
export function isStillLast(map: OffsetMap | null, copy: LastCopy): boolean {
  if (copy === null) return lastCopyOf(map) === null
  const back = map?.translateBack(copy.target)
  return back?.exactness === 'exact' && back.offset === copy.source
}
