import { DataError } from '../../api/data.ts'

/**
 * Which message of its file a value is: the index among the messages of the file, then among those nested in that one, and so on. Between the id and the
 * message stand their number and they, as zigzag varints; `[0]` is a single zero (docs.confluent.io, "Formats, Serializers, and Deserializers").
 */
export function writeMessageIndexes(indexes: readonly number[]): Buffer {
  if (indexes.length === 1 && indexes[0] === 0) return Buffer.from([0])
  return Buffer.from([indexes.length, ...indexes].flatMap(varint))
}

export interface ReadIndexes {
  readonly indexes: readonly number[]
  /** How many bytes they took. */
  readonly length: number
}

const FIRST: ReadIndexes = { indexes: [0], length: 1 }

/** @throws DataError when there are none */
export function readMessageIndexes(payload: Buffer): ReadIndexes {
  if (payload[0] === 0) return FIRST
  let at = 0
  const next = (): number => {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = payload[at++]
      if (byte === undefined) break
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    throw new DataError(`has no list of message indexes after the id of its schema: ${payload.subarray(0, 8).toString('hex')}`)
  }
  const count = next()
  if (count < 0 || count > payload.length)
    throw new DataError(`says that ${count} message indexes follow the id of its schema, which cannot be`)
  return { indexes: Array.from({ length: count }, next), length: at }
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = (value << 1) ^ (value >> 31)
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest]
}
