/** A character as JavaScript's `v` flavour takes it anywhere, in a class or outside. */
export function literal(codePoint: number): string {
  const text = String.fromCodePoint(codePoint)
  return /^[A-Za-z0-9_]$/.test(text) ? text : `\\u{${codePoint.toString(16)}}`
}

/** The same letter in the other case, for ASCII letters; otherwise undefined. */
export function otherCase(codePoint: number): number | undefined {
  if (codePoint >= 0x41 && codePoint <= 0x5a) return codePoint + 32
  if (codePoint >= 0x61 && codePoint <= 0x7a) return codePoint - 32
  return undefined
}

/** A range for use inside brackets, with both cases of its ASCII letters where case does not count. */
export function range(from: number, to: number, ignoreCase: boolean): string {
  const own = from === to ? literal(from) : `${literal(from)}-${literal(to)}`
  if (!ignoreCase) return own
  const others: string[] = []
  for (let c = Math.max(from, 0x41); c <= Math.min(to, 0x7a); c++) {
    const other = otherCase(c)
    if (other !== undefined && (other < from || other > to)) others.push(literal(other))
  }
  return own + others.join('')
}
