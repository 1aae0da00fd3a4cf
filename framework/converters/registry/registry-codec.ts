import type { MaybePromise, SchemaAndValue } from '../../api/converter.ts'
import { type ConnectValue, DataError, type Schema, validate } from '../../api/data.ts'
import { BoundedCache } from './bounded-cache.ts'
import { RegistryClient } from './registry-client.ts'
import type { RegistrySettings } from './registry-config.ts'
import type { DecodeValue, EncodeValue, RegistryFormat } from './registry-format.ts'

const MAGIC = 0
const PREFIX_BYTES = 5

/** How a value of one schema is written to one topic. */
interface Writer {
  readonly prefix: Buffer
  readonly encode: EncodeValue
}

/**
 * Bytes with the id of their schema in front: a zero byte, the id in four bytes, the value in its format (docs.confluent.io, "Formats, Serializers, and
 * Deserializers", wire format). The registry is asked once per schema and topic, or id; after that nothing is awaited. A null is a null in the log.
 */
export class RegistryCodec {
  readonly #format: RegistryFormat
  readonly #settings: RegistrySettings
  readonly #registry: RegistryClient
  readonly #decoders: BoundedCache<number, DecodeValue>
  readonly #writers: BoundedCache<string, Writer>
  /** The same writers, found by the schema's identity. */
  readonly #writersOf = new WeakMap<Schema, BoundedCache<string, Writer>>()

  constructor(format: RegistryFormat, settings: RegistrySettings) {
    this.#format = format
    this.#settings = settings
    this.#registry = new RegistryClient(settings, format.type)
    this.#decoders = new BoundedCache(settings.cacheSize)
    this.#writers = new BoundedCache(settings.cacheSize)
  }

  fromConnect(topic: string, schema: Schema | null, value: ConnectValue): MaybePromise<Uint8Array | null> {
    if (value === null && (schema === null || schema.optional)) return null
    if (schema === null)
      throw new DataError(`${this.#format.type} needs a schema, and this record has none; give it one in the connector`)
    validate(schema, value)
    const writer = this.#writer(topic, schema)
    return writer instanceof Promise ? writer.then(known => write(known, value)) : write(writer, value)
  }

  toConnect(bytes: Uint8Array | null): MaybePromise<SchemaAndValue> {
    if (bytes === null) return { schema: null, value: null }
    if (bytes.length < PREFIX_BYTES || bytes[0] !== MAGIC) throw notRegistered(bytes)
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const payload = buffer.subarray(PREFIX_BYTES)
    const decode = this.#decoders.get(buffer.readInt32BE(1), async id => this.#format.decoder(await this.#registry.byId(id)))
    return decode instanceof Promise ? decode.then(known => known(payload)) : decode(payload)
  }

  close(): void {
    this.#registry.close()
  }

  #writer(topic: string, schema: Schema): MaybePromise<Writer> {
    let byTopic = this.#writersOf.get(schema)
    if (byTopic === undefined) {
      byTopic = new BoundedCache(this.#settings.cacheSize)
      this.#writersOf.set(schema, byTopic)
    }
    return byTopic.get(topic, () => this.#writers.get(`${topic}\n${printed(schema)}`, () => this.#makeWriter(topic, schema)))
  }

  async #makeWriter(topic: string, schema: Schema): Promise<Writer> {
    const { text, recordName } = this.#format.describe(schema)
    const subject = this.#settings.subjects(topic, recordName)
    const how = this.#settings.unknownSchemas
    const registered =
      how === 'use-latest'
        ? await this.#registry.latest(subject)
        : { id: await this.#registry.idOf(subject, text, how), text, references: [] }
    const prefix = Buffer.alloc(PREFIX_BYTES)
    prefix.writeInt32BE(registered.id, 1)
    return { prefix, encode: this.#format.encoder(schema, registered) }
  }
}

/** Text that differs where schemas do, defaults of any kind included. */
function printed(schema: Schema): string {
  return JSON.stringify(schema, (_key, value) => {
    if (typeof value === 'bigint') return `${value}n`
    return value instanceof Map ? [...value] : value
  })
}

function write({ prefix, encode }: Writer, value: ConnectValue): Uint8Array {
  return Buffer.concat([prefix, encode(value)])
}

function notRegistered(bytes: Uint8Array): DataError {
  const begin = Buffer.from(bytes.slice(0, PREFIX_BYTES)).toString('hex')
  return new DataError(
    `was not written with a schema registry: it must begin with a zero byte and the id of a schema in four, and begins with ${begin}`,
  )
}
