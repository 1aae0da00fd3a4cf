import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

export function compressZstd(bytes: Buffer): Buffer {
  return zstdCompressSync(bytes)
}

/** Throws for anything but zstd frames, and for more than `maxBytes` of content. */
export function decompressZstd(bytes: Buffer, maxBytes: number): Buffer {
  return zstdDecompressSync(bytes, { maxOutputLength: maxBytes })
}
