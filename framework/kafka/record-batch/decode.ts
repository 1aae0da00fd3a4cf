import type { RecordBatch } from './batch.ts'
import { decompress, MAX_DECOMPRESSED_BYTES } from './codecs/index.ts'
import { corrupt } from './corrupt.ts'
import type { DecodedHeader, DecodedRecord } from './record.ts'
import { VarintReader } from './varint.ts'

export interface DecodeOptions {
  /** Compare the checksum first; default false. */
  readonly verifyCrc?: boolean
  /** Refuse a batch whose records take more than this when decompressed; default 256 MiB. */
  readonly maxBytes?: number
}

/** The smallest record: length, attributes, two deltas, two lengths, header count. */
export const MIN_RECORD_BYTES = 7
const NO_HEADERS: readonly DecodedHeader[] = Object.freeze([])

/**
 * The records of a batch, offsets and timestamps absolute. Control batches are refused.
 * Keys and values are views: over the batch itself when it is not compressed.
 * Throws `ConnectError` BATCH_CORRUPT.
 */
export function decodeBatch(batch: RecordBatch, options: DecodeOptions = {}): DecodedRecord[] {
  if (batch.isControl) throw corrupt(`the control batch at offset ${batch.baseOffset} was taken for records`)
  if (options.verifyCrc && !batch.hasValidCrc()) throw corrupt(`its checksum is wrong at offset ${batch.baseOffset}`)
  const raw = rawRecords(batch, options.maxBytes)
  const { count, baseOffset, baseTimestamp } = batch
  const appendTime = batch.isLogAppendTime ? batch.maxTimestamp : null
  const reader = new VarintReader(raw)
  const records: DecodedRecord[] = []
  for (let i = 0; i < count; i++) {
    const end = recordEnd(reader, baseOffset)
    reader.at++
    const delta = reader.long()
    const timestamp = appendTime ?? baseTimestamp + delta
    const offset = baseOffset + reader.int()
    const key = readBytes(reader, end)
    const value = readBytes(reader, end)
    const headers = readHeaders(reader, end)
    if (reader.at !== end)
      throw corrupt(`a record ends ${reader.at - end} bytes off its length in the batch at offset ${baseOffset}`)
    records.push({ offset, timestamp, key, value, headers })
  }
  if (reader.at !== raw.length)
    throw corrupt(`${raw.length - reader.at} bytes follow the last record of the batch at offset ${baseOffset}`)
  return records
}

/** The records of a batch as one block, decompressed; checks that the count can be true. */
export function rawRecords(batch: RecordBatch, maxBytes = MAX_DECOMPRESSED_BYTES): Buffer {
  const raw = batch.count === 0 ? Buffer.alloc(0) : decompress(batch.codec, batch.recordsBytes, maxBytes)
  if (batch.count * MIN_RECORD_BYTES > raw.length) {
    throw corrupt(`${batch.count} records in ${raw.length} bytes at offset ${batch.baseOffset}`)
  }
  return raw
}

/** Reads a record's length; returns where the record ends. */
export function recordEnd(reader: VarintReader, baseOffset: number): number {
  const length = reader.int()
  const end = reader.at + length
  if (length < MIN_RECORD_BYTES - 1 || end > reader.bytes.length) {
    throw corrupt(`a record of ${length} bytes in the batch at offset ${baseOffset}`)
  }
  return end
}

function readBytes(reader: VarintReader, end: number): Buffer | null {
  const length = reader.int()
  if (length < 0) return null
  const from = reader.at
  if (length > end - from) throw corrupt(`a field of ${length} bytes where ${end - from} are left in the record`)
  reader.at = from + length
  return reader.bytes.subarray(from, from + length)
}

function readHeaders(reader: VarintReader, end: number): readonly DecodedHeader[] {
  const count = reader.int()
  if (count === 0) return NO_HEADERS
  if (count < 0 || count * 2 > end - reader.at)
    throw corrupt(`${count} headers where ${end - reader.at} bytes are left in the record`)
  const headers: DecodedHeader[] = []
  for (let i = 0; i < count; i++) {
    const length = reader.int()
    const from = reader.at
    if (length < 0 || length > end - from) throw corrupt(`a header name of ${length} bytes where ${end - from} are left`)
    reader.at = from + length
    headers.push({ key: reader.bytes.toString('utf8', from, from + length), value: readBytes(reader, end) })
  }
  return headers
}
