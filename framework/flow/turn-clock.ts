let current = 0

/**
 * `performance.now()` when it was first asked for since the last wait. What one response brings has one time, however long it takes to deal with
 * all of it.
 */
export function turnNow(): number {
  if (current > 0) return current
  current = performance.now()
  queueMicrotask(() => {
    current = 0
  })
  return current
}
