import type { ConfigDefinition } from '../../api/config-definition.ts'
import type { HeaderConverter, SchemaAndValue } from '../../api/converter.ts'
import { type ConnectValue, type Schema, schema as schemas } from '../../api/data.ts'
import { parseConfig } from '../../config/parse.ts'
import { parseLiteral } from './parse-literal.ts'
import { printLiteral } from './print-literal.ts'

const definition = {
  'infer.types': {
    type: 'boolean',
    default: 'true',
    doc: 'whether text that looks like a number, a date, a list … is read as one; false keeps it as it is, so that "0012" stays "0012"',
  },
} as const satisfies ConfigDefinition

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Headers as text that tells its own type; bytes that are no UTF-8 stay bytes. Java's `org.apache.kafka.connect.storage.SimpleHeaderConverter`,
 * except that dates are in UTC, and that nothing of a text is lost: what does not mean a value as a whole (`1::2`) stays text, and a number has
 * the type that keeps its digits.
 */
export class SimpleHeaderConverter implements HeaderConverter {
  readonly definition: ConfigDefinition = definition
  #infer = true

  configure(properties: Readonly<Record<string, string>>): void {
    this.#infer = parseConfig(definition, properties)['infer.types']
  }

  fromConnectHeader(_topic: string, _key: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    return value === null ? null : Buffer.from(printLiteral(schema, value))
  }

  toConnectHeader(_topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: null, value: null }
    const text = textOf(bytes)
    if (text === undefined) return { schema: schemas.bytes(), value: bytes }
    return this.#infer ? parseLiteral(text) : { schema: schemas.string(), value: text }
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
