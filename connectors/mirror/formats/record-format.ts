import { ConnectError } from '../../../framework/api/index.ts'
import { int16, ProtocolReader, ProtocolWriter, type Type } from '../../../framework/kafka/protocol/codec.ts'

/** A record as a log holds it, and where. */
export interface StoredRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly partition: number
  readonly offset: number
}

/** Key and value to be written. */
export interface EncodedEntry {
  readonly key: Buffer
  readonly value: Buffer
}

/**
 * How MirrorMaker 2 writes one kind of record of its own topics. `K` are the fields of the key, `V` those of the value.
 * Bytes behind the last field are passed over, as Java does.
 */
export class RecordFormat<K extends object, V extends object> {
  readonly #what: string
  readonly #key: Type<K>
  readonly #value: Type<V>

  /** @param what in words, for messages: `checkpoint` */
  constructor(what: string, key: Type<K>, value: Type<V>) {
    this.#what = what
    this.#key = key
    this.#value = value
  }

  encode(entry: K & V): EncodedEntry {
    return { key: written(this.#key, entry), value: written(this.#value, entry) }
  }

  /** The key alone: that of an entry which is to be deleted by a null value. */
  encodeKey(key: K): Buffer {
    return written(this.#key, key)
  }

  /**
   * Null for a tombstone, whose key `decodeKey` tells.
   * @throws ConnectError MIRROR_RECORD_MALFORMED, kind `partition`
   */
  decode(topic: string, record: StoredRecord): (K & V) | null {
    const key = this.decodeKey(topic, record)
    return record.value === null ? null : { ...key, ...this.#read(this.#value, 'value', record.value, topic, record) }
  }

  /** @throws ConnectError MIRROR_RECORD_MALFORMED, kind `partition` */
  decodeKey(topic: string, record: StoredRecord): K {
    if (record.key === null) throw this.#malformed('it has no key', topic, record)
    return this.#read(this.#key, 'key', record.key, topic, record)
  }

  #read<T>(type: Type<T>, part: string, bytes: Uint8Array, topic: string, record: StoredRecord): T {
    try {
      return type.read(new ProtocolReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
    } catch (cause) {
      throw this.#malformed(`its ${part} of ${bytes.length} bytes cannot be read`, topic, record, cause)
    }
  }

  #malformed(problem: string, topic: string, { partition, offset }: StoredRecord, cause?: unknown): ConnectError {
    return new ConnectError(
      'MIRROR_RECORD_MALFORMED',
      `${topic}-${partition} at offset ${offset}: no ${this.#what}: ${problem}. Look for what else writes to the topic.`,
      { kind: 'partition', stage: 'decode', cause },
    )
  }
}

/** int16 length and UTF-8; never null. */
export const text: Type<string> = {
  write: (w, value) => {
    const bytes = Buffer.from(value, 'utf8')
    w.int16(bytes.length)
    w.raw(bytes)
  },
  read: r => r.raw(r.int16()).toString('utf8'),
}

const VERSION = 0

/** Behind an int16 version. What claims to be of another version is read as of this one, as Java does. */
export function versioned<T>(type: Type<T>): Type<T> {
  return {
    write: (w, value) => {
      int16.write(w, VERSION)
      type.write(w, value)
    },
    read: r => {
      int16.read(r)
      return type.read(r)
    },
  }
}

function written<T>(type: Type<T>, value: T): Buffer {
  const writer = new ProtocolWriter()
  type.write(writer, value)
  return writer.bytes
}
