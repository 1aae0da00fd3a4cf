import { finishBatch } from './encode.ts'
import * as layout from './layout.ts'
import { sizeOfInt, writeInt } from './varint.ts'

/** Keys and values, never null, that are written straight into a batch. Sizes are asked for once or twice, and must stay the same. */
export interface BatchEntries {
  readonly count: number
  keySize(index: number): number
  valueSize(index: number): number
  writeKey(index: number, to: Buffer, at: number): void
  writeValue(index: number, to: Buffer, at: number): void
}

/** Attributes, and the timestamp's difference, which is none. */
const FIXED_BYTES = 2
const NO_HEADERS_BYTES = 1

/** One uncompressed batch of a plain producer, all records with the same timestamp and without headers; at least one. */
export function encodeEntries(entries: BatchEntries, timestamp: number): Buffer {
  const { count } = entries
  if (count === 0) throw new RangeError('a batch needs at least one record')
  let size = layout.RECORDS
  for (let i = 0; i < count; i++) {
    const length = recordLength(entries, i)
    size += sizeOfInt(length) + length
  }
  const bytes = Buffer.allocUnsafe(size)
  let at = layout.RECORDS
  for (let i = 0; i < count; i++) {
    at = writeInt(bytes, recordLength(entries, i), at)
    bytes[at++] = 0
    bytes[at++] = 0
    at = writeInt(bytes, i, at)
    const keySize = entries.keySize(i)
    at = writeInt(bytes, keySize, at)
    entries.writeKey(i, bytes, at)
    at += keySize
    const valueSize = entries.valueSize(i)
    at = writeInt(bytes, valueSize, at)
    entries.writeValue(i, bytes, at)
    at += valueSize
    bytes[at++] = 0
  }
  return finishBatch(bytes, {
    attributes: 0,
    baseOffset: 0,
    lastOffsetDelta: count - 1,
    baseTimestamp: timestamp,
    maxTimestamp: timestamp,
    count,
  })
}

function recordLength(entries: BatchEntries, index: number): number {
  const keySize = entries.keySize(index)
  const valueSize = entries.valueSize(index)
  return FIXED_BYTES + sizeOfInt(index) + sizeOfInt(keySize) + keySize + sizeOfInt(valueSize) + valueSize + NO_HEADERS_BYTES
}
