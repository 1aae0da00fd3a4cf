import type { ConfigDefinition } from '../api/config-definition.ts'
import type { Converter, HeaderConverter, SchemaAndValue } from '../api/converter.ts'
import { type ConnectValue, type Schema, schema as schemas } from '../api/data.ts'
import { parseConfig } from '../config/parse.ts'
import { valueText } from './value-text.ts'

const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
  'us-ascii': 'latin1',
  ascii: 'latin1',
  'utf-16le': 'utf16le',
}

const definition = {
  'converter.encoding': {
    type: 'string',
    default: 'UTF-8',
    doc: 'how text becomes bytes: UTF-8, ISO-8859-1, US-ASCII or UTF-16LE',
    validate: text =>
      Object.hasOwn(ENCODINGS, text.toLowerCase()) ? undefined : 'must be UTF-8, ISO-8859-1, US-ASCII or UTF-16LE',
  },
} as const satisfies ConfigDefinition

const OPTIONAL_STRING = schemas.string({ optional: true })

/** Text. What is not text is written as Java prints it. Java's `org.apache.kafka.connect.storage.StringConverter`. */
export class StringConverter implements Converter, HeaderConverter {
  readonly definition: ConfigDefinition = definition
  #encoding: BufferEncoding = 'utf8'

  configure(properties: Readonly<Record<string, string>>): void {
    this.#encoding = ENCODINGS[parseConfig(definition, properties)['converter.encoding'].toLowerCase()] ?? 'utf8'
  }

  fromConnect(_topic: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    return value === null ? null : Buffer.from(valueText(schema, value), this.#encoding)
  }

  toConnect(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: OPTIONAL_STRING, value: null }
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return { schema: OPTIONAL_STRING, value: buffer.toString(this.#encoding) }
  }

  fromConnectHeader(topic: string, _key: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    return this.fromConnect(topic, schema, value)
  }

  toConnectHeader(topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    return this.toConnect(topic, bytes)
  }
}
