import type { Schema } from '../../api/data.ts'
import { decodeText, type JsonTree, tryParseJson } from './json-text.ts'

const MOST = 16
const BEGIN = '{"schema":'
const MIDDLE = ',"payload":'
const CLOSING_BRACE = 0x7d

interface Known {
  readonly beginning: Buffer
  readonly schema: Schema | null
}

/**
 * Records of one producer begin with the same bytes, up to their payload. Whose beginning was seen before has only its payload decoded and parsed,
 * and the same schema object as before.
 */
export class KnownEnvelopes {
  readonly #known: Known[] = []

  /** Undefined when its beginning is not known: then it must be parsed as a whole. */
  read(bytes: Uint8Array): { readonly schema: Schema | null; readonly payload: JsonTree } | undefined {
    if (bytes.at(-1) !== CLOSING_BRACE) return undefined
    const found = this.#known.find(({ beginning }) => startsWith(bytes, beginning))
    if (found === undefined) return undefined
    try {
      return { schema: found.schema, payload: tryParseJson(decodeText(bytes.subarray(found.beginning.length, -1))) }
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  /** @param text an envelope that was parsed, and found to have this schema */
  remember(text: string, schema: Schema | null): void {
    const end = text.indexOf(MIDDLE)
    if (!text.startsWith(BEGIN) || end < 0 || !isJson(text.slice(BEGIN.length, end))) return
    const beginning = Buffer.from(text.slice(0, end + MIDDLE.length))
    if (this.#known.some(known => known.beginning.equals(beginning))) return
    if (this.#known.length === MOST) this.#known.shift()
    this.#known.push({ beginning, schema })
  }
}

function startsWith(bytes: Uint8Array, beginning: Buffer): boolean {
  const { length } = beginning
  return bytes.length > length && beginning.compare(bytes, 0, length) === 0
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
