import { range } from './code-points.ts'
import type { Cursor } from './cursor.ts'
import { readEscape } from './escape.ts'

/** Reads a class whose `[` has been taken, up to and with its `]`. Gives a class in brackets. */
export function readClass(cursor: Cursor, at: number): string {
  const negated = cursor.accept('^')
  const members = readMembers(cursor, at, true)
  return negated ? `[^${members}]` : members
}

/**
 * Members up to the closing bracket, as Java reads them: `&&` binds everything before it to everything after it, and a bracket that
 * closes nothing yet is a character.
 */
function readMembers(cursor: Cursor, at: number, closes: boolean): string {
  let left: string | undefined
  for (;;) {
    if (cursor.done) return cursor.fail('the class [ is not closed', 'add ] or write \\[ for the character', at)
    if (cursor.peek() === ']' && left !== undefined) {
      if (closes) cursor.next()
      return left
    }
    if (cursor.accept('[')) left = unite(left, readClass(cursor, at))
    else if (cursor.accept('&&')) {
      const right = readRightSide(cursor, at)
      left = left === undefined ? right : `[${left}&&${right}]`
    } else left = unite(left, `[${readRange(cursor, at)}]`)
  }
}

/** Java reads something into `&&` with nothing after it, but nothing that anybody could mean. */
function readRightSide(cursor: Cursor, at: number): string {
  let right: string | undefined
  while (!cursor.done && cursor.peek() !== ']' && cursor.peek() !== '&') {
    right = unite(right, cursor.accept('[') ? readClass(cursor, at) : readMembers(cursor, at, false))
  }
  return right ?? cursor.fail('&& has nothing after it', 'name the characters to keep, or write \\& for the character', at)
}

function unite(left: string | undefined, right: string): string {
  return left === undefined ? right : `[${left}${right}]`
}

/** A character, a range or an escape: the content of a class. */
function readRange(cursor: Cursor, at: number): string {
  const from = readChar(cursor)
  if (typeof from === 'string') return from
  const ignoreCase = cursor.flags.i
  const follows = cursor.peek(1)
  if (cursor.peek() !== '-' || follows === '[' || follows === ']') return range(from, from, ignoreCase)
  cursor.next()
  const to = readChar(cursor)
  if (typeof to === 'string') return cursor.fail('a range ends in a class', 'write \\- for a hyphen', at)
  if (to < from) return cursor.fail('a range goes backwards', 'write the smaller character first, or \\- for a hyphen', at)
  return range(from, to, ignoreCase)
}

function readChar(cursor: Cursor): number | string {
  const char = cursor.next()
  if (char.quoted || char.text !== '\\') return char.text.codePointAt(0) ?? 0
  const escaped = readEscape(cursor, char.at)
  if ('codePoint' in escaped) return escaped.codePoint
  return escaped.negated ? `[^${escaped.content}]` : escaped.content
}
