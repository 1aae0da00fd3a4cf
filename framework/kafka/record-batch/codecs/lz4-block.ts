/**
 * The LZ4 block format (lz4_Block_format.md): sequences of a token (literal length, match length), literals, and a match
 * given by its uint16 distance. For blocks that LZ4 hardly made smaller: long runs of literals, copied at memory speed.
 */

/** A block is taken for hardly compressed if its content is at most 1/16 longer. */
const WORTHLESS = 16
const MIN_MATCH = 4

/** The length of the content of a hardly compressed block; -1 for any other, decided early, and for a broken one. */
export function hardlyCompressed(bytes: Buffer, from: number, to: number): number {
  const allowed = Math.floor((to - from) / WORTHLESS)
  let content = 0
  let at = from
  while (at < to) {
    const token = bytes[at++]!
    let literals = token >>> 4
    if (literals === 15) {
      let more: number
      do {
        more = at < to ? bytes[at++]! : 0
        literals += more
      } while (more === 255)
    }
    at += literals
    content += literals
    if (at >= to) return at === to ? content : -1
    at += 2
    let match = token & 15
    if (match === 15) {
      let more: number
      do {
        more = at < to ? bytes[at++]! : 0
        match += more
      } while (more === 255)
    }
    content += match + MIN_MATCH
    if (content - (at - from) > allowed) return -1
  }
  return -1
}

/**
 * Writes the content of a block that `hardlyCompressed` accepted to `out` from 0 on. Returns its length; -1 for a match
 * that reaches before the content's start.
 */
export function copyContent(bytes: Buffer, from: number, to: number, out: Buffer): number {
  let end = 0
  let at = from
  for (;;) {
    const token = bytes[at++]!
    let literals = token >>> 4
    if (literals === 15) {
      let more: number
      do {
        more = bytes[at++]!
        literals += more
      } while (more === 255)
    }
    bytes.copy(out, end, at, at + literals)
    at += literals
    end += literals
    if (at >= to) return end
    const distance = bytes[at]! | (bytes[at + 1]! << 8)
    at += 2
    let match = token & 15
    if (match === 15) {
      let more: number
      do {
        more = bytes[at++]!
        match += more
      } while (more === 255)
    }
    if (distance === 0 || distance > end) return -1
    for (const stop = end + match + MIN_MATCH; end < stop; end++) out[end] = out[end - distance]!
  }
}
