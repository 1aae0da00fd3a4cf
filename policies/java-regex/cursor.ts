import { JavaRegexError } from './error.ts'
import { type Flags, parseFlags } from './flags.ts'

/**
 * A place in a Java pattern, which is read by code points, and the flags in force there. `\Q…\E` is resolved beforehand: its characters carry
 * `quoted` and have no meaning but themselves.
 */
export class Cursor {
  readonly pattern: string
  flags: Flags = parseFlags('')
  readonly #chars: readonly PatternChar[]
  #index = 0

  constructor(pattern: string) {
    this.pattern = pattern
    this.#chars = readChars(pattern)
  }

  get done(): boolean {
    this.#skipComments()
    return this.#index >= this.#chars.length
  }

  /** Index into the pattern of the next character. */
  get position(): number {
    return this.#chars[this.#index]?.at ?? this.pattern.length
  }

  get index(): number {
    return this.#index
  }

  /** Goes back to an `index` read earlier. */
  rewind(index: number): void {
    this.#index = index
  }

  /** The next character with a meaning, unless it is quoted; '' at the end. Does not move. */
  peek(ahead = 0): string {
    if (ahead === 0) this.#skipComments()
    const char = this.#chars[this.#index + ahead]
    return char === undefined || char.quoted ? '' : char.text
  }

  /** Takes the next character, quoted or not. */
  next(): PatternChar {
    this.#skipComments()
    return this.nextRaw()
  }

  /** Takes the next character even if it is a blank in comments mode. */
  nextRaw(): PatternChar {
    const char = this.#chars[this.#index]
    if (char === undefined) this.fail('the pattern ends too early', 'complete it')
    this.#index++
    return char
  }

  /** Takes `text` if it comes next, unquoted. */
  accept(text: string): boolean {
    this.#skipComments()
    const chars = [...text]
    if (!chars.every((c, i) => this.peekRaw(i) === c)) return false
    this.#index += chars.length
    return true
  }

  peekRaw(ahead = 0): string {
    const char = this.#chars[this.#index + ahead]
    return char === undefined || char.quoted ? '' : char.text
  }

  fail(problem: string, remedy: string, position = this.position): never {
    throw new JavaRegexError(this.pattern, position, problem, remedy)
  }

  #skipComments(): void {
    if (!this.flags.x) return
    for (;;) {
      const c = this.peekRaw()
      if (c !== '' && ' \t\n\v\f\r'.includes(c)) this.#index++
      else if (c === '#') {
        while (this.#index < this.#chars.length && !this.#endsLine()) this.#index++
      } else return
    }
  }

  #endsLine(): boolean {
    const c = this.#chars[this.#index]?.text ?? ''
    return c !== '' && (this.flags.d ? '\n' : '\n\r\u0085\u2028\u2029').includes(c)
  }
}

export interface PatternChar {
  readonly text: string
  readonly at: number
  readonly quoted: boolean
}

function readChars(pattern: string): readonly PatternChar[] {
  const chars: PatternChar[] = []
  let quoted = false
  let at = 0
  while (at < pattern.length) {
    if (quoted ? pattern.startsWith('\\E', at) : pattern.startsWith('\\Q', at)) {
      quoted = !quoted
      at += 2
      continue
    }
    const text = String.fromCodePoint(pattern.codePointAt(at) ?? 0)
    chars.push({ text, at, quoted })
    at += text.length
    if (!quoted && text === '\\' && at < pattern.length) {
      const escaped = String.fromCodePoint(pattern.codePointAt(at) ?? 0)
      chars.push({ text: escaped, at, quoted: false })
      at += escaped.length
    }
  }
  return chars
}
