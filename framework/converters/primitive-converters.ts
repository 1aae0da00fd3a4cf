import type { Converter, HeaderConverter, SchemaAndValue } from '../api/converter.ts'
import { type ConnectValue, DataError, type PrimitiveType, type Schema, schema as schemas, validate } from '../api/data.ts'

/** Bytes of one value and back; null stays null, any value else has its schema checked. */
interface Codec {
  readonly type: PrimitiveType
  /** How many bytes; undefined = any number. */
  readonly size?: number
  write(bytes: Buffer, value: ConnectValue): void
  read(bytes: Buffer): ConnectValue
}

/** One primitive type, optional, in Kafka's own big-endian encoding. */
abstract class PrimitiveConverter implements Converter, HeaderConverter {
  readonly #codec: Codec
  readonly #schema: Schema

  constructor(codec: Codec) {
    this.#codec = codec
    this.#schema = schemas[codec.type as 'bytes']({ optional: true })
  }

  fromConnect(_topic: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    const { type, size } = this.#codec
    if (schema !== null && schema.type !== type)
      throw new DataError(
        `${this.constructor.name} writes ${type} only, but the schema says ${schema.type}; use another converter`,
      )
    if (value === null) return null
    validate(this.#schema, value)
    if (size === undefined) return value as Uint8Array
    const bytes = Buffer.alloc(size)
    this.#codec.write(bytes, value)
    return bytes
  }

  toConnect(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: this.#schema, value: null }
    const { size } = this.#codec
    if (size !== undefined && bytes.length !== size)
      throw new DataError(`${this.constructor.name} reads ${size} bytes, but there are ${bytes.length}; use another converter`)
    return { schema: this.#schema, value: this.#codec.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)) }
  }

  fromConnectHeader(topic: string, _key: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    return this.fromConnect(topic, schema, value)
  }

  toConnectHeader(topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    return this.toConnect(topic, bytes)
  }
}

/** Bytes as they are. */
export class ByteArrayConverter extends PrimitiveConverter {
  constructor() {
    super({ type: 'bytes', write: () => undefined, read: bytes => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) })
  }
}

export class BooleanConverter extends PrimitiveConverter {
  constructor() {
    super({ type: 'boolean', size: 1, write: (bytes, value) => bytes.writeUInt8(value === true ? 1 : 0), read: readBoolean })
  }
}

function readBoolean(bytes: Buffer): boolean {
  const byte = bytes.readUInt8()
  if (byte > 1) throw new DataError(`BooleanConverter reads 0 or 1, not ${byte}; use another converter`)
  return byte === 1
}

export class ShortConverter extends PrimitiveConverter {
  constructor() {
    super({
      type: 'int16',
      size: 2,
      write: (bytes, value) => bytes.writeInt16BE(Number(value)),
      read: bytes => bytes.readInt16BE(),
    })
  }
}

export class IntegerConverter extends PrimitiveConverter {
  constructor() {
    super({
      type: 'int32',
      size: 4,
      write: (bytes, value) => bytes.writeInt32BE(Number(value)),
      read: bytes => bytes.readInt32BE(),
    })
  }
}

export class LongConverter extends PrimitiveConverter {
  constructor() {
    super({
      type: 'int64',
      size: 8,
      write: (bytes, value) => bytes.writeBigInt64BE(BigInt(value as number | bigint)),
      read: bytes => fromLong(bytes.readBigInt64BE()),
    })
  }
}

function fromLong(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

export class FloatConverter extends PrimitiveConverter {
  constructor() {
    super({
      type: 'float32',
      size: 4,
      write: (bytes, value) => bytes.writeFloatBE(Number(value)),
      read: bytes => bytes.readFloatBE(),
    })
  }
}

export class DoubleConverter extends PrimitiveConverter {
  constructor() {
    super({
      type: 'float64',
      size: 8,
      write: (bytes, value) => bytes.writeDoubleBE(Number(value)),
      read: bytes => bytes.readDoubleBE(),
    })
  }
}
