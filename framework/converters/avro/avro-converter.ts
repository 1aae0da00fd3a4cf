import type { ConfigDefinition } from '../../api/config-definition.ts'
import type { Converter, SchemaAndValue } from '../../api/converter.ts'
import { type ConnectValue, DataError, type Schema, validate } from '../../api/data.ts'
import { ConfigError } from '../../api/index.ts'
import { parseConfig } from '../../config/parse.ts'
import { type AvroSchema, toAvroSchema } from './avro-schema.ts'
import { fromAvro, toAvro } from './avro-value.ts'
import { type AvroType, loadAvsc } from './avsc.ts'
import { fromAvroSchema } from './from-avro-schema.ts'
import { SchemaRegistry } from './schema-registry.ts'

const definition = {
  'schema.registry.url': { type: 'list', doc: 'where the schema registry is: http://host:8081; several are asked in turn' },
  'basic.auth.credentials.source': {
    type: 'string',
    default: '',
    oneOf: ['', 'USER_INFO'],
    doc: 'USER_INFO = basic.auth.user.info is sent',
  },
  'basic.auth.user.info': { type: 'password', default: null, doc: 'user:password for the registry' },
  'auto.register.schemas': {
    type: 'boolean',
    default: 'true',
    doc: 'whether new schemas are registered; false = they must be there',
  },
  'converter.type': { type: 'string', default: 'value', oneOf: ['key', 'value', 'header'], doc: 'set by the framework' },
} as const satisfies ConfigDefinition

/** A schema both ways: what it means here, and how avsc reads and writes it. */
interface KnownSchema {
  readonly id: number
  readonly schema: Schema
  readonly type: AvroType
}

const MAGIC = 0
const PREFIX_BYTES = 5

/**
 * Avro with a schema registry: a zero byte, the schema's id, the value. `io.confluent.connect.avro.AvroConverter`, with subjects named
 * `<topic>-key` and `<topic>-value`. Needs the package avsc.
 */
export class AvroConverter implements Converter {
  readonly definition: ConfigDefinition = definition
  #registry: SchemaRegistry | undefined
  #compile: (schema: AvroSchema) => AvroType = uncompiled
  #suffix = 'value'
  #register: 'register' | 'look-up' = 'register'
  readonly #read = new Map<number, Promise<KnownSchema>>()
  readonly #written = new WeakMap<Schema, Map<string, Promise<KnownSchema>>>()

  configure(properties: Readonly<Record<string, string>>): void {
    const config = parseConfig(definition, properties)
    const sendsUserInfo = config['basic.auth.credentials.source'] === 'USER_INFO'
    this.#registry = new SchemaRegistry({
      urls: config['schema.registry.url'],
      userInfo: sendsUserInfo ? config['basic.auth.user.info'] : null,
    })
    this.#suffix = config['converter.type']
    this.#register = config['auto.register.schemas'] ? 'register' : 'look-up'
    this.#compile = compiler(config['schema.registry.url'].join())
  }

  async fromConnect(topic: string, schema: Schema | null, value: ConnectValue): Promise<Uint8Array | null> {
    if (value === null && (schema === null || schema.optional)) return null
    if (schema === null) throw new DataError('Avro needs a schema, and this record has none; give it one in the connector')
    validate(schema, value)
    const { id, type } = await this.#schemaToWrite(topic, schema)
    const prefix = Buffer.alloc(PREFIX_BYTES)
    prefix.writeInt32BE(id, 1)
    return Buffer.concat([prefix, type.toBuffer(toAvro(schema, value))])
  }

  async toConnect(_topic: string, bytes: Uint8Array | null): Promise<SchemaAndValue> {
    if (bytes === null) return { schema: null, value: null }
    if (bytes.length <= PREFIX_BYTES - 1 || bytes[0] !== MAGIC)
      throw new DataError(
        `is not Avro of a schema registry: it must begin with a zero byte and an id, and begins with ${Buffer.from(bytes.slice(0, 5)).toString('hex')}`,
      )
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const { schema, type } = await remembered(this.#read, buffer.readInt32BE(1), id => this.#fetch(id))
    return { schema, value: fromAvro(schema, type.fromBuffer(buffer.subarray(PREFIX_BYTES))) }
  }

  #schemaToWrite(topic: string, schema: Schema): Promise<KnownSchema> {
    let byTopic = this.#written.get(schema)
    if (byTopic === undefined) {
      byTopic = new Map()
      this.#written.set(schema, byTopic)
    }
    return remembered(byTopic, topic, async () => {
      const avro = toAvroSchema(schema)
      const id = await this.#askRegistry().id(`${topic}-${this.#suffix}`, JSON.stringify(avro), this.#register)
      return { id, schema, type: this.#compile(avro) }
    })
  }

  async #fetch(id: number): Promise<KnownSchema> {
    const avro: AvroSchema = JSON.parse(await this.#askRegistry().schema(id))
    return { id, schema: fromAvroSchema(avro), type: this.#compile(avro) }
  }

  #askRegistry(): SchemaRegistry {
    if (this.#registry === undefined) throw new Error('AvroConverter was not configured')
    return this.#registry
  }
}

/** What is under way is shared; what failed is asked again the next time. */
function remembered<K, V>(known: Map<K, Promise<V>>, key: K, make: (key: K) => Promise<V>): Promise<V> {
  let made = known.get(key)
  if (made === undefined) {
    made = make(key)
    known.set(key, made)
    made.catch(() => known.delete(key))
  }
  return made
}

function compiler(url: string): (schema: AvroSchema) => AvroType {
  try {
    return loadAvsc()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause
    throw new ConfigError([
      { key: 'schema.registry.url', value: url, message: 'Avro needs the package avsc; install it: npm install avsc' },
    ])
  }
}

function uncompiled(): never {
  throw new Error('AvroConverter was not configured')
}
