/** The two clocks of a process may part by this much before one is set by the other: the wall clock has whole milliseconds. */
const TOLERANCE_MS = 2

let current = performance.timeOrigin

/**
 * What to add to `performance.now()` to get milliseconds since the epoch, with fractions. It stays the same until the wall clock is set or the two
 * clocks have drifted apart, over days: what follows in time follows in a trace.
 */
export function wallClockOffset(): number {
  const offset = Date.now() - performance.now()
  if (Math.abs(offset - current) > TOLERANCE_MS) current = offset
  return current
}
