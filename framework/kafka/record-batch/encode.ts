import { CODEC_NAMES, type Codec } from './codecs/codec.ts'
import { compress } from './codecs/index.ts'
import { crc32c } from './crc32c.ts'
import { writeInt64 } from './int64.ts'
import * as at from './layout.ts'
import type { EncodableRecord } from './record.ts'
import { sizeOfInt, sizeOfLong, writeInt, writeLong } from './varint.ts'

export interface EncodeOptions {
  readonly codec: Codec
  /** Default CreateTime: each record keeps its own timestamp. */
  readonly timestampType?: 'CreateTime' | 'LogAppendTime'
  /** Offset of each record, ascending; default 0, 1, 2… (what a broker accepts from a producer). */
  readonly offsets?: readonly number[]
  /** For records without a timestamp. Absent = they are written without. */
  readonly now?: number
}

/** What the header of a freshly written batch says. */
export interface HeaderFields {
  readonly attributes: number
  readonly baseOffset: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly count: number
  /** A batch whose leader epoch and producer are kept; absent = none and a plain producer. */
  readonly source?: Buffer
}

/**
 * Writes records (at least one) into one batch of a plain producer (id, epoch and sequence -1), checksum included.
 * `baseTimestamp` is the first record's, `maxTimestamp` the highest of all.
 */
export function encodeBatch(records: readonly EncodableRecord[], options: EncodeOptions): Buffer {
  if (records.length === 0) throw new RangeError('a batch needs at least one record')
  const { codec, offsets, now } = options
  const baseTimestamp = timeOf(records[0]!, now)
  const baseOffset = offsets?.[0] ?? 0
  const lengths: number[] = []
  let size = 0
  let maxTimestamp = baseTimestamp
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!
    const timestamp = timeOf(record, now)
    const length =
      bodySize(record) + 1 + sizeOfLong(timestamp - baseTimestamp) + sizeOfInt(offsets ? offsets[i]! - baseOffset : i)
    lengths.push(length)
    size += sizeOfInt(length) + length
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
  }
  const head = codec === 'none' ? at.RECORDS : 0
  const bytes = Buffer.allocUnsafe(head + size)
  let to = head
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!
    to = writeInt(bytes, lengths[i]!, to)
    bytes[to] = 0
    to = writeLong(bytes, timeOf(record, now) - baseTimestamp, to + 1)
    to = writeInt(bytes, offsets ? offsets[i]! - baseOffset : i, to)
    to = writeBody(bytes, record, to)
  }
  return finishBatch(codec === 'none' ? bytes : withHeaderSpace(compress(codec, bytes)), {
    attributes: CODEC_NAMES.indexOf(codec) | (options.timestampType === 'LogAppendTime' ? at.LOG_APPEND_TIME_BIT : 0),
    baseOffset,
    lastOffsetDelta: offsets ? offsets[records.length - 1]! - baseOffset : records.length - 1,
    baseTimestamp,
    maxTimestamp,
    count: records.length,
  })
}

function timeOf({ timestamp }: EncodableRecord, now: number | undefined): number {
  return timestamp < 0 && now !== undefined ? now : timestamp
}

/** Copies compressed records behind space for a header. */
export function withHeaderSpace(records: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(at.RECORDS + records.length)
  records.copy(bytes, at.RECORDS)
  return bytes
}

/** Writes the header in front of the records that already stand at byte 61, with the checksum; returns `bytes`. */
export function finishBatch(bytes: Buffer, fields: HeaderFields): Buffer {
  writeInt64(bytes, fields.baseOffset, at.BASE_OFFSET)
  bytes.writeInt32BE(bytes.length - at.LENGTH_OVERHEAD, at.BATCH_LENGTH)
  bytes.fill(0xff, at.PARTITION_LEADER_EPOCH, at.MAGIC)
  bytes[at.MAGIC] = 2
  bytes.writeInt16BE(fields.attributes, at.ATTRIBUTES)
  bytes.writeInt32BE(fields.lastOffsetDelta, at.LAST_OFFSET_DELTA)
  writeInt64(bytes, fields.baseTimestamp, at.BASE_TIMESTAMP)
  writeInt64(bytes, fields.maxTimestamp, at.MAX_TIMESTAMP)
  bytes.fill(0xff, at.PRODUCER_ID, at.RECORD_COUNT)
  fields.source?.copy(bytes, at.PARTITION_LEADER_EPOCH, at.PARTITION_LEADER_EPOCH, at.MAGIC)
  fields.source?.copy(bytes, at.PRODUCER_ID, at.PRODUCER_ID, at.RECORD_COUNT)
  bytes.writeInt32BE(fields.count, at.RECORD_COUNT)
  bytes.writeUInt32BE(crc32c(bytes.subarray(at.ATTRIBUTES)), at.CRC)
  return bytes
}

/** Bytes from the key's length to the end of the last header. */
function bodySize(record: EncodableRecord): number {
  let size = fieldSize(record.key) + fieldSize(record.value) + sizeOfInt(record.headers.length)
  for (const header of record.headers) {
    const length = Buffer.byteLength(header.key)
    size += sizeOfInt(length) + length + fieldSize(header.value)
  }
  return size
}

function fieldSize(field: Uint8Array | null): number {
  return field === null ? 1 : sizeOfInt(field.length) + field.length
}

function writeBody(bytes: Buffer, record: EncodableRecord, at: number): number {
  let to = writeField(bytes, record.key, at)
  to = writeField(bytes, record.value, to)
  to = writeInt(bytes, record.headers.length, to)
  for (const header of record.headers) {
    to = writeInt(bytes, Buffer.byteLength(header.key), to)
    to += bytes.write(header.key, to)
    to = writeField(bytes, header.value, to)
  }
  return to
}

function writeField(bytes: Buffer, field: Uint8Array | null, at: number): number {
  if (field === null) return writeInt(bytes, -1, at)
  const to = writeInt(bytes, field.length, at)
  bytes.set(field, to)
  return to + field.length
}
