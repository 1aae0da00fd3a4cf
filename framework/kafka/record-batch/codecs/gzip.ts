import { gunzipSync, gzipSync } from 'node:zlib'

export function compressGzip(bytes: Buffer): Buffer {
  return gzipSync(bytes)
}

/** Throws for anything but gzip members, and for more than `maxBytes` of content. */
export function decompressGzip(bytes: Buffer, maxBytes: number): Buffer {
  return gunzipSync(bytes, { maxOutputLength: maxBytes })
}
