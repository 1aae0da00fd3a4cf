import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { corrupt } from '../corrupt.ts'
import { copyStoredContent, readLz4Frame } from './lz4-frame.ts'

export function compressLz4(bytes: Buffer): Buffer {
  return compressFrameSync(bytes)
}

/** Throws for anything but an LZ4 frame, and for more than about `maxBytes` of content (to one block's precision). */
export function decompressLz4(bytes: Buffer, maxBytes: number): Buffer {
  const frame = readLz4Frame(bytes)
  if (frame.contentBound - frame.blockMaxBytes > maxBytes)
    throw corrupt(`LZ4 content of up to ${frame.contentBound} bytes exceeds the limit`)
  if (!frame.allStored) return decompressFrameSync(bytes)
  const content = Buffer.allocUnsafe(frame.contentBound)
  copyStoredContent(bytes, frame, content, 0)
  return content
}
