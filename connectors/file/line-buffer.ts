import { ConnectError } from '../../framework/api/index.ts'

/** Bytes read at once. */
const BLOCK_BYTES = 512 * 1024
/** A line is held in memory as a whole. */
const MAX_LINE_BYTES = 64 * 1024 * 1024

const NEW_LINE = 0x0a
const RETURN = 0x0d

export interface TakenLines {
  readonly lines: readonly string[]
  /** In the stream of bytes: where the next line begins. */
  readonly position: number
}

/**
 * Bytes in, lines out. A line ends with `\n`, `\r` or `\r\n`, as in Java; what comes after the last end waits for its own. Whole blocks are
 * made text and split, never single lines.
 */
export class LineBuffer {
  #bytes = Buffer.allocUnsafe(BLOCK_BYTES)
  /** Of the first byte that is no line taken yet. */
  #start = 0
  #end = 0
  /** Up to here there is no end of a line that is not split already. */
  #searched = 0
  #position: number
  #lines: readonly string[] = []
  #next = 0
  /** Where the lines split end; each has as many bytes as characters, and one more, where `isPlain`. */
  #splitEnd = 0
  #isPlain = true

  /** @param position of the first byte, in the stream of bytes */
  constructor(position: number) {
    this.#position = position
  }

  /** At most so many lines; undefined when none is complete. */
  take(limit: number): TakenLines | undefined {
    if (this.#next === this.#lines.length && !this.#split()) return undefined
    const to = Math.min(this.#next + limit, this.#lines.length)
    const lines = this.#next === 0 && to === this.#lines.length ? this.#lines : this.#lines.slice(this.#next, to)
    const end =
      to === this.#lines.length ? this.#splitEnd : this.#isPlain ? this.#start + sizeOf(lines) : this.#skip(lines.length)
    this.#next = to
    this.#advance(end)
    return { lines, position: this.#position }
  }

  /** What waits for its end, as a line. Only after `take` has returned undefined. */
  takeRest(): string {
    const rest = this.#bytes.toString('utf8', this.#start, this.#end).replace(/\r$/, '')
    this.#advance(this.#end)
    return rest
  }

  /** Where further bytes are to be written: never empty. Only after `take` has returned undefined. @throws ConnectError FILE_LINE_TOO_LONG */
  room(): Buffer {
    const held = this.#end - this.#start
    if (held >= MAX_LINE_BYTES) {
      const message = `the line at byte ${this.#position} is longer than ${MAX_LINE_BYTES} bytes: is this a file of lines?`
      throw new ConnectError('FILE_LINE_TOO_LONG', message, { kind: 'fatal', stage: 'poll' })
    }
    const size = Math.max(BLOCK_BYTES, 2 * held)
    const from = this.#bytes.subarray(this.#start, this.#end)
    if (size !== this.#bytes.length) this.#bytes = Buffer.allocUnsafe(size)
    this.#bytes.set(from)
    this.#searched -= this.#start
    this.#start = 0
    this.#end = held
    return this.#bytes.subarray(held)
  }

  /** So many bytes are there now. */
  added(count: number): void {
    this.#end += count
  }

  /** True = there are lines. */
  #split(): boolean {
    const end = this.#endOfLines()
    if (end === undefined) return false
    const text = this.#bytes.toString('utf8', this.#start, end)
    const hasReturns = text.includes('\r')
    const lines = hasReturns ? text.split(/\r\n|\r|\n/) : text.split('\n')
    lines.pop()
    this.#lines = lines
    this.#next = 0
    this.#splitEnd = end
    this.#searched = end
    this.#isPlain = !hasReturns && text.length === end - this.#start
    return true
  }

  /** Behind the last end of a line. A `\r` that comes last may be half of one. */
  #endOfLines(): number | undefined {
    const fresh = this.#bytes.subarray(this.#searched, this.#end)
    const newLine = fresh.lastIndexOf(NEW_LINE)
    const last = newLine + 1 + fresh.subarray(newLine + 1, -1).lastIndexOf(RETURN)
    if (last >= 0) return this.#searched + last + 1
    this.#searched = fresh.at(-1) === RETURN ? this.#end - 1 : this.#end
    return undefined
  }

  /** Where so many lines from the start on end. */
  #skip(count: number): number {
    let at = this.#start
    for (let line = 0; line < count; line++) {
      while (this.#bytes[at] !== NEW_LINE && this.#bytes[at] !== RETURN) at++
      at += this.#bytes[at] === RETURN && this.#bytes[at + 1] === NEW_LINE ? 2 : 1
    }
    return at
  }

  #advance(to: number): void {
    this.#position += to - this.#start
    this.#start = to
  }
}

function sizeOf(lines: readonly string[]): number {
  let size = lines.length
  for (const line of lines) size += line.length
  return size
}
