import type { ConfigDefinition } from '../../api/config-definition.ts'
import type { Converter, HeaderConverter, SchemaAndValue } from '../../api/converter.ts'
import { type ConnectValue, DataError, type Schema } from '../../api/data.ts'
import { ConfigError } from '../../api/index.ts'
import { type Parsed, parseConfig } from '../../config/parse.ts'
import { schemaFromJson, schemaToJson } from './json-schema.ts'
import { decodeText, type JsonTree, parseJson } from './json-text.ts'
import { JsonTexts } from './json-texts.ts'
import { KnownEnvelopes } from './known-envelopes.ts'
import { parseSchemaless, readJson } from './read-json.ts'

const definition = {
  'schemas.enable': {
    type: 'boolean',
    default: 'true',
    doc: 'whether each record holds its schema: {"schema": …, "payload": …}',
  },
  'schemas.cache.size': { type: 'int', default: '1000', min: 0, doc: 'how many schemas that were read are remembered' },
  'decimal.format': {
    type: 'string',
    default: 'BASE64',
    doc: 'how decimals are written: BASE64, or NUMERIC; both are read',
    validate: text => (/^(base64|numeric)$/i.test(text) ? undefined : 'must be one of BASE64, NUMERIC'),
  },
  'replace.null.with.default': {
    type: 'boolean',
    default: 'false',
    doc: "whether a null is replaced by its schema's default. Java's own default is true, which loses nulls",
  },
  'schema.content': {
    type: 'string',
    default: '',
    doc: 'a schema as JSON, as it stands in the envelope: what is read is plain JSON of that schema',
  },
} as const satisfies ConfigDefinition

type Settings = Parsed<typeof definition>

/** JSON, with its schema or without. Java's `org.apache.kafka.connect.json.JsonConverter`. */
export class JsonConverter implements Converter, HeaderConverter {
  readonly definition: ConfigDefinition = definition
  #settings: Settings = parseConfig(definition, {})
  #texts = textsOf(this.#settings)
  #external: Schema | null = null
  #known = new Map<string, Schema>()
  readonly #envelopes = new KnownEnvelopes()
  #written = new WeakMap<Schema, string>()

  configure(properties: Readonly<Record<string, string>>): void {
    this.#settings = parseConfig(definition, properties)
    this.#texts = textsOf(this.#settings)
    const content = this.#settings['schema.content']
    this.#external = content === '' ? null : schemaOfContent(content)
  }

  fromConnect(_topic: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    if (schema === null && value === null) return null
    const text = this.#texts.of(schema, value)
    return Buffer.from(this.#settings['schemas.enable'] ? `{"schema":${this.#schemaText(schema)},"payload":${text}}` : text)
  }

  toConnect(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null || bytes.length === 0) return { schema: null, value: null }
    if (this.#external !== null)
      return { schema: this.#external, value: this.#read(this.#external, parseJson(decodeText(bytes))) }
    if (!this.#settings['schemas.enable']) return { schema: null, value: parseSchemaless(decodeText(bytes)) }
    const known = this.#envelopes.read(bytes)
    if (known !== undefined) return { schema: known.schema, value: this.#read(known.schema, known.payload) }
    const text = decodeText(bytes)
    const json = parseJson(text)
    if (!isEnvelope(json)) throw notEnvelope(json)
    const schema = json.schema === null ? null : this.#schemaOf(json.schema)
    this.#envelopes.remember(text, schema)
    return { schema, value: this.#read(schema, json.payload) }
  }

  fromConnectHeader(topic: string, _key: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    return this.fromConnect(topic, schema, value)
  }

  toConnectHeader(topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    return this.toConnect(topic, bytes)
  }

  #read(schema: Schema | null, json: JsonTree): ConnectValue {
    return readJson(schema, json, { replaceNullWithDefault: this.#settings['replace.null.with.default'] })
  }

  /** The same object for the same text: who comes after remembers by it. */
  #schemaOf(json: JsonTree): Schema {
    const text = printed(json)
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const schema = schemaFromJson(json)
    const oldest = this.#known.keys().next()
    if (this.#known.size >= this.#settings['schemas.cache.size'] && !oldest.done) this.#known.delete(oldest.value)
    this.#known.set(text, schema)
    return schema
  }

  #schemaText(schema: Schema | null): string {
    if (schema === null) return 'null'
    let text = this.#written.get(schema)
    if (text === undefined) {
      text = JSON.stringify(schemaToJson(schema))
      this.#written.set(schema, text)
    }
    return text
  }
}

function textsOf(settings: Settings): JsonTexts {
  const decimals = settings['decimal.format'].toUpperCase() === 'NUMERIC' ? 'NUMERIC' : 'BASE64'
  return new JsonTexts({ decimals, replaceNullWithDefault: settings['replace.null.with.default'] })
}

/** Text that differs where schemas do; integers of any size count. */
function printed(json: JsonTree): string {
  return JSON.stringify(json, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value))
}

interface Envelope {
  readonly schema: JsonTree
  readonly payload: JsonTree
}

function isEnvelope(json: JsonTree): json is JsonTree & Envelope {
  if (typeof json !== 'object' || json === null) return false
  return Object.keys(json).length === 2 && Object.hasOwn(json, 'schema') && Object.hasOwn(json, 'payload')
}

function notEnvelope(json: JsonTree): DataError {
  const found =
    typeof json === 'object' && json !== null && !Array.isArray(json) ? `the members ${Object.keys(json)}` : 'no object'
  return new DataError(
    'schemas.enable=true wants an object with exactly the members "schema" and "payload", ' +
      `but this record has ${found.slice(0, 200)}. For plain JSON set schemas.enable=false for this converter ` +
      '(key.converter.schemas.enable or value.converter.schemas.enable), or schema.content to the schema it has',
  )
}

function schemaOfContent(content: string): Schema {
  try {
    return schemaFromJson(parseJson(content), 'schema.content')
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new ConfigError([{ key: 'schema.content', value: content, message: cause.message }])
  }
}
