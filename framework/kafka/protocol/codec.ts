/**
 * Schema combinators for the Kafka protocol: each `Type` writes and reads one shape, and a message is declared by composing them.
 * Source of the primitives: the Kafka protocol guide ("Protocol Primitive Types"), big-endian throughout.
 */

const INITIAL_BYTES = 512

/** Appends primitives to a growing buffer. */
export class ProtocolWriter {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES)
  #at = 0

  /** What was written so far; a view that later writes do not change. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }

  get length(): number {
    return this.#at
  }

  #room(bytes: number): number {
    const at = this.#at
    if (at + bytes > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, at + bytes))
      this.#buffer.copy(grown, 0, 0, at)
      this.#buffer = grown
    }
    this.#at = at + bytes
    return at
  }

  int8(value: number): void {
    const at = this.#room(1)
    this.#buffer.writeInt8(value, at)
  }

  int16(value: number): void {
    const at = this.#room(2)
    this.#buffer.writeInt16BE(value, at)
  }

  int32(value: number): void {
    const at = this.#room(4)
    this.#buffer.writeInt32BE(value, at)
  }

  /** A safe integer as int64. */
  int64(value: number): void {
    const at = this.#room(8)
    this.#buffer.writeInt32BE(Math.floor(value / 2 ** 32), at)
    this.#buffer.writeUInt32BE(value >>> 0, at + 4)
  }

  unsignedVarint(value: number): void {
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.#byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.#byte(rest)
  }

  #byte(value: number): void {
    const at = this.#room(1)
    this.#buffer[at] = value
  }

  raw(bytes: Uint8Array): void {
    const at = this.#room(bytes.length)
    this.#buffer.set(bytes, at)
  }
}

/** Reads primitives from a response, forwards. Reading past the end throws a RangeError. */
export class ProtocolReader {
  readonly buffer: Buffer
  at: number

  constructor(buffer: Buffer, at = 0) {
    this.buffer = buffer
    this.at = at
  }

  int8(): number {
    const value = this.buffer.readInt8(this.at)
    this.at += 1
    return value
  }

  int16(): number {
    const value = this.buffer.readInt16BE(this.at)
    this.at += 2
    return value
  }

  int32(): number {
    const value = this.buffer.readInt32BE(this.at)
    this.at += 4
    return value
  }

  /** An int64 within the safe integers, which every offset, timestamp and producer id is. */
  int64(): number {
    const value = this.buffer.readInt32BE(this.at) * 2 ** 32 + this.buffer.readUInt32BE(this.at + 4)
    this.at += 8
    return value
  }

  unsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer.readUInt8(this.at)
      this.at += 1
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new RangeError(`unsigned varint longer than 5 bytes at ${this.at}`)
  }

  /** A view of the next bytes, not a copy. */
  raw(length: number): Buffer {
    if (length < 0 || this.at + length > this.buffer.length) {
      throw new RangeError(`${length} bytes wanted at ${this.at} of ${this.buffer.length}`)
    }
    const view = this.buffer.subarray(this.at, this.at + length)
    this.at += length
    return view
  }

  /** Passes over the tagged fields that end every flexible structure. */
  skipTags(): void {
    for (let fields = this.unsignedVarint(); fields > 0; fields--) {
      this.unsignedVarint()
      this.raw(this.unsignedVarint())
    }
  }
}

export interface Type<T> {
  write(writer: ProtocolWriter, value: T): void
  read(reader: ProtocolReader): T
}

export type ValueOf<T> = T extends Type<infer V> ? V : never

export const int8: Type<number> = { write: (w, v) => w.int8(v), read: r => r.int8() }
export const int16: Type<number> = { write: (w, v) => w.int16(v), read: r => r.int16() }
export const int32: Type<number> = { write: (w, v) => w.int32(v), read: r => r.int32() }
export const int64: Type<number> = { write: (w, v) => w.int64(v), read: r => r.int64() }
export const boolean: Type<boolean> = { write: (w, v) => w.int8(v ? 1 : 0), read: r => r.int8() !== 0 }

export const nullableString: Type<string | null> = {
  write: (w, v) => {
    if (v === null) return w.int16(-1)
    const bytes = Buffer.from(v, 'utf8')
    w.int16(bytes.length)
    w.raw(bytes)
  },
  read: r => {
    const length = r.int16()
    return length < 0 ? null : r.raw(length).toString('utf8')
  },
}

export const compactNullableString: Type<string | null> = {
  write: (w, v) => {
    if (v === null) return w.unsignedVarint(0)
    const bytes = Buffer.from(v, 'utf8')
    w.unsignedVarint(bytes.length + 1)
    w.raw(bytes)
  },
  read: r => {
    const length = r.unsignedVarint()
    return length === 0 ? null : r.raw(length - 1).toString('utf8')
  },
}

const required = (type: Type<string | null>): Type<string> => ({ write: type.write, read: r => type.read(r) ?? '' })

export const string: Type<string> = required(nullableString)
export const compactString: Type<string> = required(compactNullableString)

/** int32 length, -1 = null. Read as a view. */
export const nullableBytes: Type<Buffer | null> = {
  write: (w, v) => {
    w.int32(v === null ? -1 : v.length)
    if (v !== null) w.raw(v)
  },
  read: r => {
    const length = r.int32()
    return length < 0 ? null : r.raw(length)
  },
}

export const bytes: Type<Buffer> = { write: nullableBytes.write, read: r => nullableBytes.read(r) ?? Buffer.alloc(0) }

/** A topic id as 32 hexadecimal digits; all zero = none. */
export const uuid: Type<string> = { write: (w, v) => w.raw(Buffer.from(v, 'hex')), read: r => r.raw(16).toString('hex') }

export const NO_UUID = '0'.repeat(32)

export const nullableArray = <T>(of: Type<T>): Type<readonly T[] | null> => ({
  write: (w, v) => {
    w.int32(v === null ? -1 : v.length)
    for (const item of v ?? []) of.write(w, item)
  },
  read: r => readItems(r, of, r.int32()),
})

export const compactNullableArray = <T>(of: Type<T>): Type<readonly T[] | null> => ({
  write: (w, v) => {
    w.unsignedVarint(v === null ? 0 : v.length + 1)
    for (const item of v ?? []) of.write(w, item)
  },
  read: r => readItems(r, of, r.unsignedVarint() - 1),
})

const readItems = <T>(r: ProtocolReader, of: Type<T>, count: number): T[] | null => {
  if (count < 0) return null
  const items: T[] = []
  for (let i = 0; i < count; i++) items.push(of.read(r))
  return items
}

const orEmpty = <T>(type: Type<readonly T[] | null>): Type<readonly T[]> => ({ write: type.write, read: r => type.read(r) ?? [] })

export const array = <T>(of: Type<T>): Type<readonly T[]> => orEmpty(nullableArray(of))
export const compactArray = <T>(of: Type<T>): Type<readonly T[]> => orEmpty(compactNullableArray(of))

type Fields = Readonly<Record<string, Type<never>>>
type StructValue<F extends Readonly<Record<string, unknown>>> = { readonly [K in keyof F]: ValueOf<F[K]> }

/** Fields in the order of their declaration. */
export const struct = <F extends Readonly<Record<string, unknown>>>(fields: F): Type<StructValue<F>> => {
  const entries = Object.entries(fields as unknown as Fields)
  return {
    write: (w, v) => {
      const values = v as Readonly<Record<string, never>>
      for (const [name, type] of entries) type.write(w, values[name] as never)
    },
    read: r => {
      const value: Record<string, unknown> = {}
      for (const [name, type] of entries) value[name] = type.read(r)
      return value as StructValue<F>
    },
  }
}

/** A structure of a flexible version: its fields, then tagged fields, written as none and passed over when read. */
export const flexibleStruct = <F extends Readonly<Record<string, unknown>>>(fields: F): Type<StructValue<F>> => {
  const plain = struct(fields)
  return {
    write: (w, v) => {
      plain.write(w, v)
      w.unsignedVarint(0)
    },
    read: r => {
      const value = plain.read(r)
      r.skipTags()
      return value
    },
  }
}
