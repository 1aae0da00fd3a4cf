import { RecordBatch } from './batch.ts'
import { CODEC_NAMES, type Codec } from './codecs/codec.ts'
import { decompress } from './codecs/index.ts'
import { xxh32Short } from './codecs/xxh32.ts'
import { corrupt } from './corrupt.ts'
import { encodeBatch } from './encode.ts'
import { readInt64 } from './int64.ts'
import * as at from './layout.ts'
import type { DecodedRecord } from './record.ts'

/**
 * Message sets of brokers before 0.11 ("Old Message Format" in Kafka's documentation). A message is
 * offset int64, size int32, crc uint32 (CRC-32 of what follows), magic int8, attributes int8,
 * timestamp int64 (magic 1 only), key and value after their int32 lengths. A compressed message holds
 * a message set as its value: magic 0 with absolute offsets, magic 1 with offsets relative to the first one,
 * the wrapper carrying the offset of the last.
 */
export const LEGACY_OVERHEAD = 12 + 4 + 2 + 8
const MESSAGE_MAGIC = 16
const MESSAGE_ATTRIBUTES = 17
/** Neighbouring uncompressed messages become one batch of about this size. */
const GROUP_BYTES = 256 * 1024

/**
 * Converts messages from `from` on into batches appended to `batches`: one for a compressed message, one for a
 * run of uncompressed ones. Stops at a batch of magic 2, at a torn message or when a run is long enough.
 * Returns where it stopped: `end` at a torn message.
 */
export function convertMessages(buffer: Buffer, from: number, end: number, batches: RecordBatch[]): number {
  const run: DecodedRecord[] = []
  let place = from
  while (place + LEGACY_OVERHEAD <= end && buffer[place + MESSAGE_MAGIC]! < 2 && place - from < GROUP_BYTES) {
    const next = place + at.LENGTH_OVERHEAD + messageSize(buffer, place)
    if (next > end) break
    const codec = codecOf(buffer, place)
    if (codec === 'none') {
      run.push(readMessage(buffer, place, next))
    } else if (run.length > 0) {
      break
    } else {
      batches.push(toBatch(unwrap(buffer, place, next, codec), codec))
      return next
    }
    place = next
  }
  if (run.length > 0) batches.push(toBatch(run, 'none'))
  return place === from ? end : place
}

function toBatch(records: readonly DecodedRecord[], codec: Codec): RecordBatch {
  const offsets = records.map(record => record.offset)
  for (let i = 1; i < offsets.length; i++) {
    if (offsets[i]! <= offsets[i - 1]!) throw corrupt(`offset ${offsets[i]} follows offset ${offsets[i - 1]} in a message set`)
  }
  if (offsets[offsets.length - 1]! - offsets[0]! > 0x7fff_ffff)
    throw corrupt(`a message set of too many offsets from ${offsets[0]} on`)
  return new RecordBatch(encodeBatch(records, { codec, offsets }))
}

function messageSize(buffer: Buffer, place: number): number {
  const size = buffer.readInt32BE(place + at.BATCH_LENGTH)
  if (size < LEGACY_OVERHEAD - at.LENGTH_OVERHEAD)
    throw corrupt(`a message of ${size} bytes at offset ${readInt64(buffer, place)}`)
  return size
}

function codecOf(buffer: Buffer, place: number): Codec {
  const codec = CODEC_NAMES[buffer[place + MESSAGE_ATTRIBUTES]! & at.CODEC_MASK]
  if (codec === undefined) throw corrupt(`an unknown codec at offset ${readInt64(buffer, place)}`)
  return codec
}

function readMessage(buffer: Buffer, place: number, end: number): DecodedRecord {
  const timed = buffer[place + MESSAGE_MAGIC]! === 1
  const keyAt = place + MESSAGE_ATTRIBUTES + (timed ? 9 : 1)
  const key = readField(buffer, keyAt, end)
  const value = readField(buffer, keyAt + 4 + (key?.length ?? 0), end)
  return {
    offset: readInt64(buffer, place),
    timestamp: timed ? readInt64(buffer, place + MESSAGE_ATTRIBUTES + 1) : -1,
    key,
    value,
    headers: [],
  }
}

function readField(buffer: Buffer, place: number, end: number): Buffer | null {
  if (place + 4 > end) throw corrupt('a message ends before its fields')
  const length = buffer.readInt32BE(place)
  if (length < 0) return null
  if (place + 4 + length > end) throw corrupt(`a field of ${length} bytes exceeds its message`)
  return buffer.subarray(place + 4, place + 4 + length)
}

function unwrap(buffer: Buffer, place: number, end: number, codec: Codec): DecodedRecord[] {
  const wrapper = readMessage(buffer, place, end)
  const magic = buffer[place + MESSAGE_MAGIC]!
  if (wrapper.value === null) throw corrupt(`an empty compressed message at offset ${wrapper.offset}`)
  const set = decompress(codec, codec === 'lz4' && magic === 0 ? repairFrame(wrapper.value) : wrapper.value)
  const records: DecodedRecord[] = []
  for (let inner = 0; inner < set.length; ) {
    if (inner + LEGACY_OVERHEAD > set.length) throw corrupt(`a torn message inside the one at offset ${wrapper.offset}`)
    const next = inner + at.LENGTH_OVERHEAD + messageSize(set, inner)
    if (next > set.length || codecOf(set, inner) !== 'none')
      throw corrupt(`a bad message inside the one at offset ${wrapper.offset}`)
    records.push(readMessage(set, inner, next))
    inner = next
  }
  if (records.length === 0) throw corrupt(`no message inside the one at offset ${wrapper.offset}`)
  if (magic === 0) return records
  const first = wrapper.offset - records[records.length - 1]!.offset
  const appendTime = buffer[place + MESSAGE_ATTRIBUTES]! & at.LOG_APPEND_TIME_BIT ? wrapper.timestamp : null
  return records.map(record => ({ ...record, offset: first + record.offset, timestamp: appendTime ?? record.timestamp }))
}

/** With magic 0 Kafka computed the frame descriptor's checksum over the frame's magic too. */
function repairFrame(frame: Buffer): Buffer {
  const copy = Buffer.from(frame)
  const checksumAt = 6 + (copy[4]! & 0x08 ? 8 : 0)
  if (checksumAt < copy.length) copy[checksumAt] = (xxh32Short(copy.subarray(4, checksumAt)) >>> 8) & 0xff
  return copy
}
