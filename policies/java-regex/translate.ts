import { readClass } from './character-class.ts'
import { range } from './code-points.ts'
import { Cursor, type PatternChar } from './cursor.ts'
import { readEscape } from './escape.ts'
import { type Flags, isFlag } from './flags.ts'

export interface Translation {
  /** For `new RegExp(…, 'v')`. */
  readonly source: string
  readonly flags: Flags
}

/** Reads a Java pattern and writes the same for JavaScript. Throws JavaRegexError. */
export function translate(pattern: string, flags: Flags): Translation {
  const translator = new Translator(new Cursor(pattern), flags)
  return translator.translate()
}

const LINE_END = '\\r\\n|(?<!\\r)\\n|[\\r\\u{85}\\u{2028}\\u{2029}]'
const FINAL_LINE_END = `(?:(?=(?:${LINE_END})?$))`

class Translator {
  readonly #cursor: Cursor
  readonly #names = new Set<string>()
  /** Capturing groups of the result: each holds what an atomic group has matched. */
  #atomics = 0
  #lookBehinds = 0

  constructor(cursor: Cursor, flags: Flags) {
    this.#cursor = cursor
    cursor.flags = flags
  }

  translate(): Translation {
    const source = this.#alternatives()
    if (!this.#cursor.done) this.#cursor.fail('a closing bracket ) has no opening one', 'remove it or write \\)')
    return { source, flags: this.#cursor.flags }
  }

  /** Up to a closing bracket or the end. */
  #alternatives(): string {
    const alternatives: string[] = []
    do alternatives.push(this.#sequence())
    while (this.#cursor.accept('|'))
    return alternatives.join('|')
  }

  #sequence(): string {
    let out = ''
    while (!this.#cursor.done && this.#cursor.peek() !== '|' && this.#cursor.peek() !== ')') out += this.#quantified()
    return out
  }

  #quantified(): string {
    const at = this.#cursor.position
    const atom = this.#atom()
    if (atom === undefined) return ''
    const quantifier = this.#quantifier(at)
    if (quantifier === undefined) return atom
    if (quantifier.mode !== 'possessive') return `(?:${atom})${quantifier.text}${quantifier.mode === 'lazy' ? '?' : ''}`
    return this.#atomic(`(?:${atom})${quantifier.text}`, at)
  }

  /** A look-ahead keeps its first match, and its group gives that back: no way to try again. */
  #atomic(source: string, at: number): string {
    if (this.#lookBehinds > 0) {
      this.#cursor.fail('a possessive quantifier or atomic group stands in a look-behind', 'use a plain quantifier there', at)
    }
    const name = `a${this.#atomics++}`
    return `(?:(?=(?<${name}>${source}))\\k<${name}>)`
  }

  /** undefined = nothing to match, nothing to repeat. */
  #atom(): string | undefined {
    const cursor = this.#cursor
    const char = cursor.next()
    if (char.quoted) return this.#literal(char)
    switch (char.text) {
      case '(':
        return this.#group(char.at)
      case '[':
        return readClass(cursor, char.at)
      case '.':
        return this.#dot()
      case '^':
        return this.#lineStart()
      case '$':
        return this.#lineEnd()
      case '\\':
        return this.#escape(char.at)
      case '*':
      case '+':
      case '?':
        return cursor.fail(
          `${char.text} has nothing to repeat`,
          `write .${char.text} for any characters or \\${char.text} for the character`,
          char.at,
        )
      case '{':
        return this.#danglingBrace(char)
      default:
        return this.#literal(char)
    }
  }

  #literal(char: PatternChar): string {
    return this.#codePoint(char.text.codePointAt(0) ?? 0)
  }

  #codePoint(codePoint: number): string {
    const content = range(codePoint, codePoint, this.#cursor.flags.i)
    return /^(?:[A-Za-z0-9_]|\\u\{[0-9a-f]+\})$/.test(content) ? content : `[${content}]`
  }

  /** A second quantifier repeats nothing in Java, and so does one at the start. */
  #danglingBrace(char: PatternChar): undefined {
    this.#cursor.rewind(this.#cursor.index - 1)
    if (this.#quantifier(char.at) === undefined)
      this.#cursor.fail('a brace { has no meaning here', 'write \\{ for the character', char.at)
    return undefined
  }

  #dot(): string {
    if (this.#cursor.flags.s) return '[^]'
    return this.#cursor.flags.d ? '[^\\n]' : '[^\\n\\r\\u{85}\\u{2028}\\u{2029}]'
  }

  #lineStart(): string {
    const { m, d } = this.#cursor.flags
    if (!m) return '(?:^)'
    return d ? '(?:^|(?<=\\n)(?!$))' : '(?:^|(?<=[\\n\\u{85}\\u{2028}\\u{2029}]|\\r(?!\\n))(?!$))'
  }

  #lineEnd(): string {
    const { m, d } = this.#cursor.flags
    if (m) return d ? '(?:(?=\\n)|$)' : `(?:(?=${LINE_END})|$)`
    return d ? '(?:(?=\\n?$))' : FINAL_LINE_END
  }

  #escape(at: number): string {
    const cursor = this.#cursor
    const c = cursor.peekRaw()
    switch (c) {
      case 'A':
        cursor.nextRaw()
        return '(?:^)'
      case 'z':
        cursor.nextRaw()
        return '(?:$)'
      case 'Z':
        cursor.nextRaw()
        return cursor.flags.d ? '(?:(?=\\n?$))' : FINAL_LINE_END
      case 'R':
        cursor.nextRaw()
        return '(?:\\r\\n|[\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}])'
      case 'b':
      case 'B':
        cursor.nextRaw()
        if (cursor.peekRaw() === '{' && cursor.peekRaw(1) === 'g') cursor.fail('\\b{g} is not supported', 'use \\b', at)
        return `(?:\\${c})`
      case 'G':
      case 'X':
      case 'N':
      case 'k':
        return cursor.fail(
          `\\${c} is not supported`,
          c === 'k' ? 'write out the alternatives' : 'describe the names another way',
          at,
        )
    }
    if (/^[1-9]$/.test(c)) cursor.fail(`the back reference \\${c} is not supported`, 'write out the alternatives', at)
    const escaped = readEscape(cursor, at)
    if ('codePoint' in escaped) return this.#codePoint(escaped.codePoint)
    return escaped.negated ? `[^${escaped.content}]` : `[${escaped.content}]`
  }

  #group(at: number): string | undefined {
    const cursor = this.#cursor
    const flags = cursor.flags
    if (!cursor.accept('?')) return this.#closed('(?:', flags, at)
    if (cursor.accept(':')) return this.#closed('(?:', flags, at)
    if (cursor.accept('=')) return `(?:${this.#closed('(?=', flags, at)})`
    if (cursor.accept('!')) return `(?:${this.#closed('(?!', flags, at)})`
    if (cursor.accept('>')) return this.#atomic(this.#closed('(?:', flags, at), at)
    if (cursor.accept('<')) return this.#lookBehindOrName(flags, at)
    const inner = this.#inlineFlags(at)
    if (cursor.accept(')')) {
      cursor.flags = inner
      return undefined
    }
    if (!cursor.accept(':')) cursor.fail(`the group (?${cursor.peekRaw()} is unknown`, 'use (?: … ) for a plain group', at)
    cursor.flags = inner
    return this.#closed('(?:', flags, at)
  }

  #closed(open: string, outerFlags: Flags, at: number): string {
    const body = this.#alternatives()
    if (!this.#cursor.accept(')')) this.#cursor.fail('the bracket ( is not closed', 'add ) or write \\( for the character', at)
    this.#cursor.flags = outerFlags
    return `${open}${body})`
  }

  #lookBehindOrName(flags: Flags, at: number): string {
    const cursor = this.#cursor
    const kind = cursor.accept('=') ? '(?<=' : cursor.accept('!') ? '(?<!' : undefined
    if (kind !== undefined) {
      this.#lookBehinds++
      const source = this.#closed(kind, flags, at)
      this.#lookBehinds--
      return `(?:${source})`
    }
    let name = ''
    while (/^[A-Za-z0-9]$/.test(cursor.peekRaw())) name += cursor.nextRaw().text
    if (!/^[A-Za-z]/.test(name) || !cursor.accept('>'))
      cursor.fail('the name of a group is wrong', 'use letters and digits: (?<name>…)', at)
    if (this.#names.has(name)) cursor.fail(`two groups are named ${name}`, 'name each once', at)
    this.#names.add(name)
    return this.#closed('(?:', flags, at)
  }

  #inlineFlags(at: number): Flags {
    const cursor = this.#cursor
    let flags = cursor.flags
    let on = true
    for (;;) {
      const c = cursor.peekRaw()
      if (c === '-' && on) on = false
      else if (isFlag(c)) flags = { ...flags, [c]: on }
      else if (c === 'u' || c === 'U')
        cursor.fail(`the flag ${c} is not supported`, 'leave it out; i ignores the case of A to Z', at)
      else return flags
      cursor.nextRaw()
    }
  }

  /** Reads `* + ? {n} {n,} {n,m}` with a following `?` or `+`. */
  #quantifier(at: number): Quantifier | undefined {
    const cursor = this.#cursor
    let text = cursor.peek()
    if (text === '*' || text === '+' || text === '?') cursor.next()
    else if (text === '{') text = this.#repetition(at)
    else return undefined
    const mode = cursor.accept('?') ? 'lazy' : cursor.accept('+') ? 'possessive' : 'greedy'
    return { text, mode }
  }

  #repetition(at: number): string {
    const cursor = this.#cursor
    cursor.next()
    const digits = (): string => {
      let out = ''
      while (/^[0-9]$/.test(cursor.peekRaw())) out += cursor.nextRaw().text
      return out
    }
    const min = digits()
    if (min === '') cursor.fail('a repetition {n} needs a number', 'write \\{ for the character', at)
    const comma = cursor.peekRaw() === ','
    if (comma) cursor.nextRaw()
    const max = comma ? digits() : min
    if (cursor.peekRaw() !== '}') cursor.fail('a repetition {n} is not closed', 'add } or write \\{ for the character', at)
    cursor.nextRaw()
    if (Number(min) > 0x7fffffff || Number(max) > 0x7fffffff)
      cursor.fail('a repetition is too large', 'use at most 2147483647', at)
    if (max !== '' && Number(max) < Number(min))
      cursor.fail('a repetition {n,m} goes backwards', 'write the smaller number first', at)
    return comma ? `{${min},${max}}` : `{${min}}`
  }
}

interface Quantifier {
  readonly text: string
  readonly mode: 'greedy' | 'lazy' | 'possessive'
}
