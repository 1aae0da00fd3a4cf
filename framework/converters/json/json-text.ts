import { DataError } from '../../api/data.ts'

/** JSON as read: integers beyond ±(2^53 - 1) are bigint, other numbers of more than 15 digits keep them. */
export type JsonTree = null | boolean | number | bigint | string | LongNumber | readonly JsonTree[] | JsonObject

export interface JsonObject {
  readonly [member: string]: JsonTree
}

/** A number with a fraction or an exponent and more digits than a double keeps. */
export class LongNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export function isJsonObject(json: JsonTree): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof LongNumber)
}

/** What the types of JavaScript do not know yet. */
interface RawJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): JsonTree
  rawJSON(text: string): JsonTree
}

const raw = JSON as unknown as RawJson
/** Digits of a number that a double may not keep. */
const MANY = 16

/** @throws DataError that says what follows where */
export function parseJson(text: string): JsonTree {
  try {
    return tryParseJson(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new DataError(`is not JSON: ${cause.message}; begins with ${JSON.stringify(text.slice(0, 40))}`, { cause })
  }
}

/** @throws SyntaxError */
export function tryParseJson(text: string): JsonTree {
  if (!hasManyDigits(text)) return JSON.parse(text)
  return raw.parse(text, (_key, value, { source }) => (typeof value === 'number' ? exact(value, source) : value))
}

/** Whether so many digits, a point perhaps among them, follow each other. Looks at every 16th place alone: a run that long has one of them. */
export function hasManyDigits(text: string): boolean {
  for (let at = MANY - 1; at < text.length; at += MANY) {
    if (!isOfNumber(text.charCodeAt(at))) continue
    let from = at
    while (from > 0 && isOfNumber(text.charCodeAt(from - 1))) from--
    let end = at + 1
    while (end < text.length && isOfNumber(text.charCodeAt(end))) end++
    if (end - from >= MANY) return true
  }
  return false
}

/** A number that is printed as it is written. */
export function rawNumber(text: string): JsonTree {
  return raw.rawJSON(text)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of UTF-8 bytes. @throws DataError */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new DataError(
      'is not JSON: the bytes are not UTF-8 text; if it is binary data, use org.apache.kafka.connect.converters.ByteArrayConverter',
      { cause },
    )
  }
}

const ZERO = 48
const NINE = 57
const POINT = 46

function isOfNumber(code: number): boolean {
  return (code >= ZERO && code <= NINE) || code === POINT
}

function exact(value: number, source: string | undefined): JsonTree {
  if (source === undefined || Number.isSafeInteger(value)) return value
  if (/^-?\d+$/.test(source)) return BigInt(source)
  return source.replace(/\D/g, '').length > 15 ? new LongNumber(source) : value
}
