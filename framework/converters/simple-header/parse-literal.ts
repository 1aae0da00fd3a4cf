import type { SchemaAndValue } from '../../api/converter.ts'
import { type ConnectValue, DataError, type Schema, schema as schemas } from '../../api/data.ts'
import { commonSchema } from './common-schema.ts'
import { parseNumber } from './parse-number.ts'
import { parseTemporal } from './parse-temporal.ts'

const NULL: SchemaAndValue = { schema: null, value: null }
/** What a value without quotes goes on to inside of a list or a map; colons belong to it in times alone. */
const BARE = /(?:\d{4}-\d\d-\d\dT)?\d\d\\?:\d\d\\?:\d\d\.\d{3}Z|[^\s,:{}[\]"]+/y

/**
 * The value that a text means: null, true, false, a number, an ISO 8601 date, time or timestamp, a list `[1, "a"]` or a map `{"k": 1}`.
 * Text that is none of these as a whole stays text.
 */
export function parseLiteral(text: string): SchemaAndValue {
  const trimmed = text.trim()
  if (trimmed.startsWith('[') || trimmed.startsWith('{')) {
    try {
      return new LiteralParser(trimmed).whole()
    } catch (error) {
      if (!(error instanceof DataError)) throw error
      return { schema: schemas.string(), value: text }
    }
  }
  return parseBare(trimmed) ?? { schema: schemas.string(), value: text }
}

function parseBare(token: string): SchemaAndValue | undefined {
  if (token === 'null') return NULL
  if (token === 'true' || token === 'false') return { schema: schemas.boolean(), value: token === 'true' }
  return parseTemporal(token.replaceAll('\\:', ':')) ?? parseNumber(token)
}

class LiteralParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): SchemaAndValue {
    const value = this.#value()
    if (this.#peek() !== undefined) throw new DataError(`text goes on at ${this.#at}`)
    return value
  }

  #value(): SchemaAndValue {
    if (this.#take('[')) return this.#list()
    if (this.#take('{')) return this.#map()
    if (this.#take('"')) return this.#quoted()
    BARE.lastIndex = this.#at
    const token = BARE.exec(this.#text)?.[0]
    const value = token === undefined ? undefined : parseBare(token)
    if (token === undefined || value === undefined) throw new DataError(`no value at ${this.#at}`)
    this.#at += token.length
    return value
  }

  #list(): SchemaAndValue {
    const items: SchemaAndValue[] = []
    while (!this.#take(']')) {
      if (items.length > 0) this.#expect(',')
      items.push(this.#value())
    }
    const itemSchema = commonSchema(items)
    return { schema: itemSchema === null ? null : schemas.array(itemSchema), value: items.map(item => item.value) }
  }

  #map(): SchemaAndValue {
    const keys: SchemaAndValue[] = []
    const values: SchemaAndValue[] = []
    const map = new Map<ConnectValue, ConnectValue>()
    while (!this.#take('}')) {
      if (keys.length > 0) this.#expect(',')
      const key = this.#value()
      if (key.value === null) throw new DataError(`a null key at ${this.#at}`)
      this.#expect(':')
      const value = this.#value()
      keys.push(key)
      values.push(value)
      map.set(key.value, value.value)
    }
    return { schema: mapSchema(commonSchema(keys), commonSchema(values)), value: map }
  }

  #quoted(): SchemaAndValue {
    const match = /([^"\\]*(?:\\.[^"\\]*)*)"/sy
    match.lastIndex = this.#at
    const found = match.exec(this.#text)
    if (found === null) throw new DataError(`a quote is not closed at ${this.#at}`)
    this.#at += found[0].length
    const content = (found[1] ?? '').replace(/\\(["\\])/g, '$1')
    return parseTemporal(content) ?? { schema: schemas.string(), value: content }
  }

  #peek(): string | undefined {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++
    return this.#text[this.#at]
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false
    this.#at++
    return true
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw new DataError(`no ${char} at ${this.#at}`)
  }
}

function mapSchema(keys: Schema | null, values: Schema | null): Schema | null {
  return keys === null || values === null ? null : schemas.map(keys, values)
}
