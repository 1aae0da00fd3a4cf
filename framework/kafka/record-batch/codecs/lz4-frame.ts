import { corrupt } from '../corrupt.ts'
import { xxh32Short } from './xxh32.ts'

/**
 * The LZ4 frame format (lz4_Frame_format.md, version 1.6): magic, descriptor, blocks after their uint32 lengths
 * (little-endian; the highest bit = stored as it is), a length of 0 as end mark, an optional checksum of the content.
 */
const FRAME_MAGIC = 0x184d2204
const STORED = 0x8000_0000
const VERSION_1 = 0x40
const INDEPENDENT_BLOCKS = 0x20
const BLOCK_CHECKSUMS = 0x10
const CONTENT_SIZE = 0x08
const DICTIONARY = 0x01

/** The largest block a frame can hold. */
export const MAX_BLOCK_BYTES = 4 * 1024 * 1024

/** A frame's header as this module writes it. */
export const FRAME_HEADER_BYTES = 7
export const END_MARK_BYTES = 4
export const BLOCK_LENGTH_BYTES = 4

export interface Lz4Frame {
  /** Where the first block's length stands. */
  readonly blocksAt: number
  /** No block holds more content than this. */
  readonly blockMaxBytes: number
  readonly blockChecksumBytes: 0 | 4
  /** A block may refer to the content of the one before. */
  readonly linked: boolean
}

/** Reads the header of a frame. Throws `ConnectError` BATCH_CORRUPT. */
export function readLz4Frame(frame: Buffer): Lz4Frame {
  if (frame.length < FRAME_HEADER_BYTES || frame.readUInt32LE(0) !== FRAME_MAGIC)
    throw corrupt('no LZ4 frame where one should be')
  const flags = frame[4]!
  if ((flags & (0xc0 | DICTIONARY)) !== VERSION_1) throw corrupt(`LZ4 frame flags 0x${flags.toString(16)} are not supported`)
  const size = (frame[5]! >>> 4) & 0x07
  if (size < 4) throw corrupt(`LZ4 block size id ${size} is not defined`)
  return {
    blocksAt: FRAME_HEADER_BYTES + (flags & CONTENT_SIZE ? 8 : 0),
    blockMaxBytes: 1 << (8 + 2 * size),
    blockChecksumBytes: flags & BLOCK_CHECKSUMS ? 4 : 0,
    linked: (flags & INDEPENDENT_BLOCKS) === 0,
  }
}

export interface Lz4Block {
  readonly from: number
  readonly to: number
  readonly stored: boolean
}

/** Where the blocks of a frame lie. Throws `ConnectError` BATCH_CORRUPT. */
export function readLz4Blocks(frame: Buffer, { blocksAt, blockMaxBytes, blockChecksumBytes }: Lz4Frame): Lz4Block[] {
  const blocks: Lz4Block[] = []
  for (let at = blocksAt; ; ) {
    if (at + BLOCK_LENGTH_BYTES > frame.length) throw corrupt('an LZ4 frame without an end')
    const word = frame.readUInt32LE(at)
    if (word === 0) return blocks
    const from = at + BLOCK_LENGTH_BYTES
    const to = from + (word & 0x7fff_ffff)
    if (to - from > blockMaxBytes) throw corrupt(`an LZ4 block of ${to - from} bytes in a frame of ${blockMaxBytes}-byte blocks`)
    blocks.push({ from, to, stored: word >= STORED })
    at = to + blockChecksumBytes
  }
}

/** The frame header for independent blocks of at most `blockMaxBytes` (64 KiB × 4^n, up to 4 MiB), no checksums. */
export function writeFrameHeader(to: Buffer, at: number, blockMaxBytes: number): number {
  to.writeUInt32LE(FRAME_MAGIC, at)
  to[at + 4] = VERSION_1 | INDEPENDENT_BLOCKS
  to[at + 5] = ((31 - Math.clz32(blockMaxBytes) - 8) >>> 1) << 4
  to[at + 6] = (xxh32Short(to.subarray(at + 4, at + 6)) >>> 8) & 0xff
  return at + FRAME_HEADER_BYTES
}

/** The length of a block, as it stands before it. */
export function writeBlockLength(to: Buffer, at: number, length: number, stored: boolean): number {
  to.writeUInt32LE(stored ? (length | STORED) >>> 0 : length, at)
  return at + BLOCK_LENGTH_BYTES
}

/** The smallest block maximum a frame can declare (64 KiB × 4^n) that holds `length` bytes. */
export function blockSizeFor(length: number): number {
  let size = 64 * 1024
  while (size < length) size *= 4
  return size
}

/** The block of a frame that starts at `at`, ends with `bytes` and has one block only; else null. */
export function singleBlock(bytes: Buffer, at: number): Lz4Block | null {
  if (bytes.length < at + FRAME_HEADER_BYTES + BLOCK_LENGTH_BYTES + END_MARK_BYTES || bytes.readUInt32LE(at) !== FRAME_MAGIC)
    return null
  const flags = bytes[at + 4]!
  if ((flags & (0xc0 | DICTIONARY)) !== VERSION_1) return null
  const blockAt = at + FRAME_HEADER_BYTES + (flags & CONTENT_SIZE ? 8 : 0)
  if (blockAt + BLOCK_LENGTH_BYTES > bytes.length) return null
  const word = bytes.readUInt32LE(blockAt)
  const from = blockAt + BLOCK_LENGTH_BYTES
  const to = from + (word & 0x7fff_ffff)
  const endAt = to + (flags & BLOCK_CHECKSUMS ? 4 : 0)
  if (endAt + END_MARK_BYTES > bytes.length || bytes.readUInt32LE(endAt) !== 0) return null
  return { from, to, stored: word >= STORED }
}
