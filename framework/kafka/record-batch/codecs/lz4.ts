import { compressSync, decompressFrameSync, uncompressSync } from 'lz4-napi'
import { corrupt } from '../corrupt.ts'
import {
  BLOCK_LENGTH_BYTES,
  END_MARK_BYTES,
  FRAME_HEADER_BYTES,
  type Lz4Block,
  readLz4Blocks,
  readLz4Frame,
  writeBlockLength,
  writeFrameHeader,
} from './lz4-frame.ts'

/** The library puts the content's length, uint32 little-endian, before a block. */
const PREFIX_BYTES = 4
/** As Kafka's Java producer does. */
const BLOCK_MAX_BYTES = 64 * 1024
/** A byte of a block adds 255 bytes of content at most. */
const MAX_RATIO = 255

/**
 * Writes a frame of independent blocks. The frame is ours and only blocks go through the library, whose own frames
 * take twice as long to write and ten times as long to read at the sizes of batches.
 */
export function compressLz4(bytes: Buffer): Buffer {
  const blocks = Math.ceil(bytes.length / BLOCK_MAX_BYTES)
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + blocks * BLOCK_LENGTH_BYTES + bytes.length + END_MARK_BYTES)
  let at = writeFrameHeader(frame, 0, BLOCK_MAX_BYTES)
  for (let from = 0; from < bytes.length; from += BLOCK_MAX_BYTES) {
    const content = bytes.subarray(from, from + BLOCK_MAX_BYTES)
    const block = compressSync(content)
    const length = block.length - PREFIX_BYTES
    const stored = length >= content.length
    at = writeBlockLength(frame, at, stored ? content.length : length, stored)
    at += stored ? content.copy(frame, at) : block.copy(frame, at, PREFIX_BYTES)
  }
  frame.writeUInt32LE(0, at)
  return frame.subarray(0, at + END_MARK_BYTES)
}

/** Throws for anything but an LZ4 frame, and for more than `maxBytes` of content. */
export function decompressLz4(bytes: Buffer, maxBytes: number): Buffer {
  const frame = readLz4Frame(bytes)
  const blocks = readLz4Blocks(bytes, frame)
  if (frame.linked && blocks.length > 1) {
    if ((blocks.length - 1) * frame.blockMaxBytes > maxBytes) throw tooLong(maxBytes)
    return decompressFrameSync(bytes)
  }
  const parts: Buffer[] = []
  let total = 0
  for (const block of blocks) {
    const part = block.stored ? bytes.subarray(block.from, block.to) : decompressBlock(bytes, block, frame.blockMaxBytes)
    total += part.length
    if (total > maxBytes) throw tooLong(maxBytes)
    parts.push(part)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, total)
}

function decompressBlock(bytes: Buffer, { from, to }: Lz4Block, blockMaxBytes: number): Buffer {
  const prefixed = Buffer.allocUnsafe(PREFIX_BYTES + to - from)
  prefixed.writeUInt32LE(Math.min(blockMaxBytes, (to - from) * MAX_RATIO), 0)
  bytes.copy(prefixed, PREFIX_BYTES, from, to)
  return uncompressSync(prefixed)
}

function tooLong(maxBytes: number): Error {
  return corrupt(`its LZ4 content exceeds the limit of ${maxBytes} bytes`)
}
