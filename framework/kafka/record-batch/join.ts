import { RecordBatch } from './batch.ts'
import {
  BLOCK_LENGTH_BYTES,
  blockSizeFor,
  END_MARK_BYTES,
  FRAME_HEADER_BYTES,
  MAX_BLOCK_BYTES,
  singleStoredBlock,
  writeBlockLength,
  writeFrameHeader,
} from './codecs/lz4-frame.ts'
import { corrupt } from './corrupt.ts'
import { rawRecords } from './decode.ts'
import { finishBatch } from './encode.ts'
import * as at from './layout.ts'
import { MAX_HEAD_GROWTH, moveRecords } from './rewrite.ts'
import { VarintReader } from './varint.ts'

/** Neighbouring batches of a partition in one. */
export interface JoinedBatch {
  /** A batch of a plain producer, to be stamped. */
  readonly bytes: Buffer
  /** Records in it, numbered 0, 1, 2… in the order of the batches. */
  readonly count: number
  /** How many of the batches, from the first on, are in it. */
  readonly joined: number
}

const NEVER = at.CONTROL_BIT | at.LOG_APPEND_TIME_BIT
const LZ4 = 3
const LZ4_OVERHEAD = FRAME_HEADER_BYTES + BLOCK_LENGTH_BYTES + END_MARK_BYTES

/**
 * Whether the records can be reached without decompressing: a dense CreateTime batch that is either not compressed, or
 * an LZ4 frame of one block that LZ4 could not make smaller and therefore stored. Looks at headers only.
 */
export function canJoin(bytes: Buffer): boolean {
  const attributes = bytes.readInt16BE(at.ATTRIBUTES)
  if ((attributes & NEVER) !== 0) return false
  const count = bytes.readInt32BE(at.RECORD_COUNT)
  if (count === 0 || count !== bytes.readInt32BE(at.LAST_OFFSET_DELTA) + 1) return false
  if (!isSafe(bytes.readInt32BE(at.BASE_TIMESTAMP)) || !isSafe(bytes.readInt32BE(at.MAX_TIMESTAMP))) return false
  const codec = attributes & at.CODEC_MASK
  return codec === 0 || (codec === LZ4 && singleStoredBlock(bytes, at.RECORDS) !== null)
}

/**
 * Joins the longest run of batches from the first on that have its codec, satisfy `canJoin` and fit into `limitBytes`.
 * Record heads are rewritten, bodies copied once; lz4 stays lz4, its content stored. Null if there are not two to join.
 * Checksums are compared before, as the new one would hide damage: throws `ConnectError` BATCH_CORRUPT.
 */
export function joinBatches(batches: readonly Buffer[], limitBytes: number): JoinedBatch | null {
  const codec = (batches[0]?.readInt16BE(at.ATTRIBUTES) ?? 0) & at.CODEC_MASK
  const head = at.RECORDS + (codec === LZ4 ? FRAME_HEADER_BYTES + BLOCK_LENGTH_BYTES : 0)
  const limit = codec === LZ4 ? Math.min(limitBytes, MAX_BLOCK_BYTES) : limitBytes
  let room = at.RECORDS + LZ4_OVERHEAD
  let count = 0
  let joined = 0
  for (; joined < batches.length; joined++) {
    const bytes = batches[joined]!
    const records = bytes.readInt32BE(at.RECORD_COUNT)
    const grown = room + bytes.length - at.RECORDS + records * MAX_HEAD_GROWTH
    if (grown > limit || (bytes.readInt16BE(at.ATTRIBUTES) & at.CODEC_MASK) !== codec || !canJoin(bytes)) break
    room = grown
    count += records
  }
  if (joined < 2) return null

  const to = Buffer.allocUnsafe(room)
  const first = new RecordBatch(batches[0]!)
  const baseTimestamp = first.baseTimestamp
  let maxTimestamp = first.maxTimestamp
  let place = head
  for (let i = 0, delta = 0; i < joined; i++) {
    const batch = i === 0 ? first : new RecordBatch(batches[i]!)
    if (!batch.hasValidCrc()) throw corrupt(`its checksum is wrong at offset ${batch.baseOffset}`)
    const reader = new VarintReader(contentOf(batch, codec))
    place = moveRecords(reader, batch.count, to, place, batch.baseTimestamp - baseTimestamp, delta, batch.baseOffset)
    if (reader.at !== reader.bytes.length) throw corrupt(`bytes follow the last record at offset ${batch.baseOffset}`)
    if (batch.maxTimestamp > maxTimestamp) maxTimestamp = batch.maxTimestamp
    delta += batch.count
  }
  if (codec === LZ4) place = frameContent(to, place)
  const bytes = finishBatch(to.subarray(0, place), {
    attributes: codec,
    baseOffset: 0,
    lastOffsetDelta: count - 1,
    baseTimestamp,
    maxTimestamp,
    count,
  })
  return { bytes, count, joined }
}

/** Whether an int64 with this upper half is a safe integer. */
function isSafe(upper: number): boolean {
  return upper >= -0x20_0000 && upper < 0x20_0000
}

function contentOf(batch: RecordBatch, codec: number): Buffer {
  if (codec !== LZ4) return rawRecords(batch)
  const block = singleStoredBlock(batch.bytes, at.RECORDS)
  if (block === null) throw corrupt(`its LZ4 frame changed at offset ${batch.baseOffset}`)
  return batch.bytes.subarray(block.from, block.to)
}

/** Puts a frame around the content that ends at `end`. Returns the place behind the frame. */
function frameContent(to: Buffer, end: number): number {
  const content = end - at.RECORDS - FRAME_HEADER_BYTES - BLOCK_LENGTH_BYTES
  const blockAt = writeFrameHeader(to, at.RECORDS, blockSizeFor(content))
  writeBlockLength(to, blockAt, content, true)
  to.writeUInt32LE(0, end)
  return end + END_MARK_BYTES
}
