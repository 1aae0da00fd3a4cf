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
  let latest: string | undefined
  const unite = (member: string): void => {
    latest = member
    left = left === undefined ? member : `[${left}${member}]`
  }
  for (;;) {
    if (cursor.done) cursor.fail('the class [ is not closed', 'add ] or write \\[ for the character', at)
    if (cursor.peek() === ']' && left !== undefined) {
      if (closes) cursor.next()
      return left
    }
    if (cursor.accept('[')) unite(readClass(cursor, at))
    else if (cursor.accept('&&')) {
      const right = readRightSide(cursor, at)
      latest = right ?? latest
      if (left === undefined && right === undefined)
        cursor.fail('&& has nothing on either side', 'name the classes to intersect', at)
      left = left === undefined ? right : `[${left}&&${latest}]`
    } else unite(`[${readRange(cursor, at)}]`)
  }
}

function readRightSide(cursor: Cursor, at: number): string | undefined {
  let right: string | undefined
  while (!cursor.done && cursor.peek() !== ']' && cursor.peek() !== '&') {
    const member = cursor.accept('[') ? readClass(cursor, at) : readMembers(cursor, at, false)
    right = right === undefined ? member : `[${right}${member}]`
  }
  return right
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
  const escape = readEscape(cursor, char.at)
  if ('codePoint' in escape) return escape.codePoint
  return escape.negated ? `[^${escape.content}]` : escape.content
}
