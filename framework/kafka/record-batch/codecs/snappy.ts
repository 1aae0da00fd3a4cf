import { compressSync, uncompressSync } from 'snappy'
import { corrupt } from '../corrupt.ts'

/**
 * Kafka's snappy is the stream of the xerial library (snappy-java's SnappyOutputStream): a header, then blocks of raw
 * snappy, each after its length as int32. Go clients and older librdkafkas write one raw block without a header.
 */
const STREAM_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
/** Magic, version int32, lowest compatible version int32. */
const STREAM_HEADER = Buffer.concat([STREAM_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])])
const BLOCK_BYTES = 32 * 1024
/** A copy on the way out: handing over the library's own memory costs Node 5 to 10 times more at these sizes. */
const COPIED = { copyOutputData: true }
/** More than any snappy block can grow: a 3-byte copy makes 64 bytes at most. */
const MAX_RATIO = 32

export function compressSnappy(bytes: Buffer): Buffer {
  const parts: Buffer[] = [STREAM_HEADER]
  for (let from = 0; from < bytes.length; from += BLOCK_BYTES) {
    const block = compressSync(bytes.subarray(from, from + BLOCK_BYTES), COPIED)
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}

/** Throws for anything but snappy, and for more than `maxBytes` of content. */
export function decompressSnappy(bytes: Buffer, maxBytes: number): Buffer {
  if (STREAM_MAGIC.compare(bytes, 0, STREAM_MAGIC.length) !== 0) return decompressBlock(bytes, maxBytes)
  const parts: Buffer[] = []
  let total = 0
  for (let at = STREAM_HEADER.length; at < bytes.length; ) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length <= 0 || at + length > bytes.length) throw corrupt(`a snappy block of ${length} bytes`)
    const block = decompressBlock(bytes.subarray(at, at + length), maxBytes - total)
    parts.push(block)
    total += block.length
    at += length
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, total)
}

function decompressBlock(block: Buffer, maxBytes: number): Buffer {
  const claimed = contentLength(block)
  if (claimed > maxBytes) throw corrupt(`snappy content of ${claimed} bytes exceeds the limit`)
  if (claimed > block.length * MAX_RATIO) throw corrupt(`a snappy block of ${block.length} bytes claims ${claimed} bytes`)
  const content = uncompressSync(block, COPIED)
  return typeof content === 'string' ? Buffer.from(content) : content
}

/** A raw block starts with the length of its content as an unsigned varint. */
function contentLength(block: Buffer): number {
  let length = 0
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) break
  }
  return length
}
