import type { RecordBatch } from './batch.ts'
import { copyContent, hardlyCompressed } from './codecs/lz4-block.ts'
import {
  BLOCK_LENGTH_BYTES,
  blockSizeFor,
  END_MARK_BYTES,
  FRAME_HEADER_BYTES,
  MAX_BLOCK_BYTES,
  singleBlock,
  writeBlockLength,
  writeFrameHeader,
} from './codecs/lz4-frame.ts'
import { corrupt } from './corrupt.ts'
import { finishBatch } from './encode.ts'
import * as at from './layout.ts'
import { mergeRecords } from './merge.ts'
import { MAX_HEAD_GROWTH } from './rewrite.ts'

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
const LZ4_HEAD = FRAME_HEADER_BYTES + BLOCK_LENGTH_BYTES

/**
 * Whether the records can be reached at the speed of memory: a dense CreateTime batch that is not compressed, or whose
 * records are one LZ4 block that LZ4 could not make smaller. Looks at headers, and skims an LZ4 block for at most 2 µs.
 */
export function canJoin(bytes: Buffer): boolean {
  return isPlain(bytes) && contentLength(bytes) >= 0
}

/** A batch whose records can be numbered and timed anew without a loss: dense, CreateTime, data. */
export function isPlain(bytes: Buffer): boolean {
  if ((bytes.readInt16BE(at.ATTRIBUTES) & NEVER) !== 0) return false
  const count = bytes.readInt32BE(at.RECORD_COUNT)
  if (count === 0 || count !== bytes.readInt32BE(at.LAST_OFFSET_DELTA) + 1) return false
  return isSafe(bytes.readInt32BE(at.BASE_TIMESTAMP)) && isSafe(bytes.readInt32BE(at.MAX_TIMESTAMP))
}

/** Whether an int64 with this upper half is a safe integer. */
function isSafe(upper: number): boolean {
  return upper >= -0x20_0000 && upper < 0x20_0000
}

export function codecIdOf(bytes: Buffer): number {
  return bytes[at.ATTRIBUTES + 1]! & at.CODEC_MASK
}

/**
 * Joins the longest run of batches from the first on that have its codec, satisfy `canJoin` and fit into `limitBytes`.
 * Record heads are rewritten, bodies copied; lz4 stays lz4, its content stored. Null if there are not two to join.
 * Checksums are compared before, as the new one would hide damage: throws `ConnectError` BATCH_CORRUPT.
 */
export function joinBatches(batches: readonly Buffer[], limitBytes: number): JoinedBatch | null {
  const codec = batches.length === 0 ? 0 : codecIdOf(batches[0]!)
  const limit = codec === LZ4 ? Math.min(limitBytes, MAX_BLOCK_BYTES) : limitBytes
  let room = at.RECORDS + LZ4_HEAD + END_MARK_BYTES
  let largest = 0
  let joined = 0
  for (; joined < batches.length; joined++) {
    const bytes = batches[joined]!
    const content = codecIdOf(bytes) === codec && isPlain(bytes) ? contentLength(bytes) : -1
    const grown = room + content + bytes.readInt32BE(at.RECORD_COUNT) * MAX_HEAD_GROWTH
    if (content < 0 || grown > limit) break
    room = grown
    if (content > largest) largest = content
  }
  if (joined < 2) return null

  const to = Buffer.allocUnsafe(room)
  if (codec !== LZ4) {
    const { end, fields } = mergeRecords(batches, joined, codec, batch => batch.recordsBytes, to, at.RECORDS)
    return { bytes: finishBatch(to.subarray(0, end), fields), count: fields.count, joined }
  }
  const scratch = Buffer.allocUnsafe(largest)
  const { end, fields } = mergeRecords(batches, joined, codec, batch => lz4Content(batch, scratch), to, at.RECORDS + LZ4_HEAD)
  return { bytes: finishBatch(to.subarray(0, frameContent(to, end)), fields), count: fields.count, joined }
}

/** Bytes of the records without compression; -1 if they cannot be reached. */
function contentLength(bytes: Buffer): number {
  const codec = codecIdOf(bytes)
  if (codec === 0) return bytes.length - at.RECORDS
  if (codec !== LZ4) return -1
  const block = singleBlock(bytes, at.RECORDS)
  if (block === null) return -1
  return block.stored ? block.to - block.from : hardlyCompressed(bytes, block.from, block.to)
}

function lz4Content({ bytes, baseOffset }: RecordBatch, scratch: Buffer): Buffer {
  const block = singleBlock(bytes, at.RECORDS)
  const length = block === null ? -1 : block.stored ? 0 : copyContent(bytes, block.from, block.to, scratch)
  if (block === null || length < 0) throw corrupt(`its LZ4 block is broken at offset ${baseOffset}`)
  return block.stored ? bytes.subarray(block.from, block.to) : scratch.subarray(0, length)
}

/** Puts a frame around the content that ends at `end`, one stored block. Returns the place behind the frame. */
function frameContent(to: Buffer, end: number): number {
  const content = end - at.RECORDS - LZ4_HEAD
  const blockAt = writeFrameHeader(to, at.RECORDS, blockSizeFor(content))
  writeBlockLength(to, blockAt, content, true)
  to.writeUInt32LE(0, end)
  return end + END_MARK_BYTES
}
