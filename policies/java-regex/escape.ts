import type { Cursor } from './cursor.ts'
import { readProperty } from './properties.ts'

/** One character, or the content of a class (what stands between the brackets) and whether its complement is meant. */
export type Escape = { readonly codePoint: number } | { readonly content: string; readonly negated: boolean }

const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'a-zA-Z0-9_',
  s: '\\u{20}\\t\\n\\v\\f\\r',
  h: '\\u{20}\\t\\u{a0}\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}',
  v: '\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}',
}

const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, r: 0x0d, f: 0x0c, a: 0x07, e: 0x1b }

/** Reads what follows a backslash, both in a class and outside. `at` is the backslash's position. */
export function readEscape(cursor: Cursor, at: number): Escape {
  if (cursor.position >= cursor.pattern.length) cursor.fail('a backslash ends the pattern', 'write \\\\ for a backslash', at)
  const c = cursor.nextRaw().text
  if (c === 'p' || c === 'P') return { content: readProperty(cursor, at), negated: c === 'P' }
  const content = CLASSES[c.toLowerCase()]
  if (content !== undefined) return { content, negated: c !== c.toLowerCase() }
  const control = CONTROLS[c]
  if (control !== undefined) return { codePoint: control }
  if (c === '0') return { codePoint: readOctal(cursor, at) }
  if (c === 'x') return { codePoint: readHex(cursor, at) }
  if (c === 'u') return { codePoint: readUnicode(cursor, at) }
  if (c === 'c') return { codePoint: (cursor.nextRaw().text.codePointAt(0) ?? 0) ^ 64 }
  if (/[A-Za-z1-9]/.test(c)) {
    cursor.fail(`\\${c} has no meaning here`, `write ${/\d/.test(c) ? 'out what is repeated' : `${c} for the letter`}`, at)
  }
  return { codePoint: c.codePointAt(0) ?? 0 }
}

function readOctal(cursor: Cursor, at: number): number {
  const first = cursor.peekRaw()
  if (!/^[0-7]$/.test(first)) cursor.fail('\\0 needs an octal number', 'write \\0 and 1 to 3 octal digits', at)
  let digits = ''
  while (digits.length < (first <= '3' ? 3 : 2) && /^[0-7]$/.test(cursor.peekRaw())) digits += cursor.nextRaw().text
  return Number.parseInt(digits, 8)
}

function readHex(cursor: Cursor, at: number): number {
  if (cursor.peekRaw() !== '{') return hexDigits(cursor, 2, at)
  cursor.nextRaw()
  let digits = ''
  while (/^[0-9a-fA-F]$/.test(cursor.peekRaw())) digits += cursor.nextRaw().text
  const value = Number.parseInt(digits, 16)
  if (!(value <= 0x10ffff) || cursor.peekRaw() !== '}') cursor.fail('\\x{ needs a code point', 'write \\x{0} to \\x{10FFFF}', at)
  cursor.nextRaw()
  return value
}

function readUnicode(cursor: Cursor, at: number): number {
  const unit = hexDigits(cursor, 4, at)
  if (unit < 0xd800 || unit > 0xdbff || cursor.peekRaw() !== '\\' || cursor.peekRaw(1) !== 'u') return unit
  const index = cursor.index
  cursor.rewind(index + 2)
  const low = hexDigits(cursor, 4, at)
  if (low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
  cursor.rewind(index)
  return unit
}

function hexDigits(cursor: Cursor, count: number, at: number): number {
  let digits = ''
  while (digits.length < count && /^[0-9a-fA-F]$/.test(cursor.peekRaw())) digits += cursor.nextRaw().text
  if (digits.length < count) cursor.fail(`${count} hexadecimal digits are missing`, `write exactly ${count}`, at)
  return Number.parseInt(digits, 16)
}
