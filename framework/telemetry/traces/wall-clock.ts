/** The two clocks of a process may part by this much: the wall clock has whole milliseconds. */
const TOLERANCE_MS = 2

/**
 * What to add to `performance.now()` to get milliseconds since the epoch, with fractions. It changes where the wall clock is set, and over months:
 * spans of one trace are made with one of it.
 */
export function wallClockOffset(): number {
  const offset = Date.now() - performance.now()
  return Math.abs(offset - performance.timeOrigin) <= TOLERANCE_MS ? performance.timeOrigin : offset
}
