import type { Cursor } from './cursor.ts'

const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\u{0}-\\u{7f}',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: '0-9a-zA-Z',
  Punct: '\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}',
  Graph: '\\u{21}-\\u{7e}',
  Print: '\\u{20}-\\u{7e}',
  Blank: '\\u{20}\\t',
  Cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  XDigit: '0-9a-fA-F',
  Space: '\\u{20}\\t\\n\\v\\f\\r',
  L1: '\\u{0}-\\u{ff}',
  all: '\\u{0}-\\u{10ffff}',
  LD: '\\p{L}\\p{Nd}',
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaAlphabetic: '\\p{Alphabetic}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  javaDigit: '\\p{Nd}',
}

/** Names after `Is`, upper case, without underscores. */
const BINARY: Readonly<Record<string, string>> = {
  ALPHABETIC: '\\p{Alphabetic}',
  LETTER: '\\p{L}',
  IDEOGRAPHIC: '\\p{Ideographic}',
  LOWERCASE: '\\p{Lowercase}',
  UPPERCASE: '\\p{Uppercase}',
  TITLECASE: '\\p{Lt}',
  PUNCTUATION: '\\p{P}',
  CONTROL: '\\p{Cc}',
  WHITESPACE: '\\p{White_Space}',
  DIGIT: '\\p{Nd}',
  HEXDIGIT: '\\p{Nd}0-9A-Fa-f\\u{ff10}-\\u{ff19}\\u{ff21}-\\u{ff26}\\u{ff41}-\\u{ff46}',
  JOINCONTROL: '\\p{Join_Control}',
  NONCHARACTERCODEPOINT: '\\p{Noncharacter_Code_Point}',
  ASSIGNED: '\\P{Cn}',
}

/** What a property means where case does not count. */
const CASELESS: Readonly<Record<string, string>> = {
  Lower: 'a-zA-Z',
  Upper: 'a-zA-Z',
  javaLowerCase: '\\p{Lowercase}\\p{Uppercase}\\p{Lt}',
  javaUpperCase: '\\p{Lowercase}\\p{Uppercase}\\p{Lt}',
  LOWERCASE: '\\p{Lowercase}\\p{Uppercase}\\p{Lt}',
  UPPERCASE: '\\p{Lowercase}\\p{Uppercase}\\p{Lt}',
  TITLECASE: '\\p{Lowercase}\\p{Uppercase}\\p{Lt}',
  LU: '\\p{Lu}\\p{Ll}\\p{Lt}',
  LL: '\\p{Lu}\\p{Ll}\\p{Lt}',
  LT: '\\p{Lu}\\p{Ll}\\p{Lt}',
}

/** Reads what follows `\p` or `\P`; gives the content of a class, without brackets. */
export function readProperty(cursor: Cursor, at: number): string {
  const name = readName(cursor, at)
  const content = lookUp(name)
  if (content === undefined) {
    const remedy = 'use a general category (\\p{Lu}), a script (\\p{IsLatin}) or a POSIX class (\\p{Alpha})'
    return cursor.fail(`there is no character property ${name} here`, remedy, at)
  }
  return (cursor.flags.i ? (CASELESS[name] ?? CASELESS[name.replace(/^(Is|gc=)/, '').toUpperCase()]) : undefined) ?? content
}

function readName(cursor: Cursor, at: number): string {
  const first = cursor.next().text
  if (first !== '{') return first
  let name = ''
  for (;;) {
    if (cursor.done) return cursor.fail('\\p{ has no closing brace', 'add }', at)
    const c = cursor.next().text
    if (c === '}') break
    name += c
  }
  return name === '' ? cursor.fail('\\p{} names no property', 'name one, e.g. \\p{Alpha}', at) : name
}

function lookUp(name: string): string | undefined {
  const [, key, value] = /^([^=]+)=(.+)$/.exec(name) ?? []
  if (key !== undefined && value !== undefined) {
    const lower = key.toLowerCase()
    if (lower === 'sc' || lower === 'script') return ifKnown(`\\p{Script=${titleCase(value)}}`)
    if (lower === 'gc' || lower === 'general_category') return ifKnown(`\\p{gc=${value}}`)
    return undefined
  }
  if (name.startsWith('Is')) {
    const rest = name.slice(2)
    return (
      BINARY[rest.toUpperCase().replaceAll('_', '')] ?? ifKnown(`\\p{gc=${rest}}`) ?? ifKnown(`\\p{Script=${titleCase(rest)}}`)
    )
  }
  return Object.hasOwn(POSIX, name) ? POSIX[name] : ifKnown(`\\p{gc=${name}}`)
}

/** Java forgives any case in the name of a script, JavaScript does not. */
function titleCase(script: string): string {
  return script.toLowerCase().replace(/(^|_)[a-z]/g, letter => letter.toUpperCase())
}

function ifKnown(property: string): string | undefined {
  try {
    new RegExp(property, 'v')
    return property
  } catch {
    return undefined
  }
}
