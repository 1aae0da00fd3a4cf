import type { Schema } from '../../api/data.ts'
import { type JsonTree, tryParseJson } from './json-text.ts'

const MOST = 16
const BEGIN = '{"schema":'
const MIDDLE = ',"payload":'

/**
 * Records of one producer begin with the same text, up to their payload. Whose beginning was seen before has only its payload parsed, and the same
 * schema object as before.
 */
export class KnownEnvelopes {
  readonly #known: { readonly beginning: string; readonly schema: Schema | null }[] = []

  /** Undefined when its beginning is not known: then it must be parsed as a whole. */
  read(text: string): { readonly schema: Schema | null; readonly payload: JsonTree } | undefined {
    const found = this.#known.find(({ beginning }) => text.startsWith(beginning))
    if (found === undefined || !text.endsWith('}')) return undefined
    try {
      return { schema: found.schema, payload: tryParseJson(text.slice(found.beginning.length, -1)) }
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  /** @param text an envelope that was parsed, and found to have this schema */
  remember(text: string, schema: Schema | null): void {
    const end = text.indexOf(MIDDLE)
    if (!text.startsWith(BEGIN) || end < 0 || !isJson(text.slice(BEGIN.length, end))) return
    const beginning = text.slice(0, end + MIDDLE.length)
    if (this.#known.some(known => known.beginning === beginning)) return
    if (this.#known.length === MOST) this.#known.shift()
    this.#known.push({ beginning, schema })
  }
}

/** The first `"payload"` may stand within the schema. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
