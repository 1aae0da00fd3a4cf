// Axes: round numbers, and lines that are no finer than pixels.

/** Round steps from 0 to what is at least `max`. @param {number} max @param {number} steps at most */
export function ticks(max, steps) {
  const rough = Math.max(max, 1e-9) / steps
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * /** @type {number} */ ([1, 2, 5, 10].find(factor => factor * power >= rough * 0.999999))
  const top = Math.max(1, Math.ceil(max / step - 1e-9))
  return Array.from({ length: top + 1 }, (_, i) => i * step)
}

/** Round minutes by the reader's clock. @param {number} fromMs @param {number} toMs @param {number} most */
export function timeTicks(fromMs, toMs, most) {
  const minutes = [1, 2, 5, 10, 15, 20, 30, 60].find(step => (toMs - fromMs) / (step * 60_000) <= most) ?? 60
  const step = minutes * 60_000
  const shift = new Date(toMs).getTimezoneOffset() * 60_000
  const first = Math.ceil((fromMs - shift) / step) * step + shift
  const found = []
  for (let at = first; at <= toMs; at += step) found.push(at)
  return found
}

/**
 * Pieces of a line without gaps: per pixel the least and the greatest.
 * @param {readonly { readonly x: number, readonly at: number, readonly value: number | null }[]} points
 * @param {number} pause
 */
export function pieces(points, pause) {
  /** @type {{ x: number, value: number }[][]} */
  const lines = []
  /** @type {{ x: number, value: number }[]} */
  let line = []
  let last = Number.NEGATIVE_INFINITY
  for (const { x, at, value } of points) {
    if (value === null || at - last > pause) {
      if (line.length > 0) lines.push(line)
      line = []
    }
    if (value === null) continue
    last = at
    const [before, end] = [line.at(-2), line.at(-1)]
    const isSamePixel =
      before !== undefined && end !== undefined && Math.floor(before.x) === Math.floor(x) && Math.floor(end.x) === Math.floor(x)
    if (!isSamePixel) line.push({ x, value })
    else if ((end.value - before.value) * (value - end.value) >= 0) line.splice(-1, 1, { x, value })
    else if (line.length < 4 || Math.floor(/** @type {{ x: number }} */ (line.at(-4)).x) !== Math.floor(x))
      line.push({ x, value })
  }
  if (line.length > 0) lines.push(line)
  return lines
}
