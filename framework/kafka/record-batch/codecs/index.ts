import { ConnectError } from '../../../api/connect-error.ts'
import { corrupt } from '../corrupt.ts'
import type { Codec } from './codec.ts'
import { compressGzip, decompressGzip } from './gzip.ts'
import { compressLz4, decompressLz4 } from './lz4.ts'
import { compressSnappy, decompressSnappy } from './snappy.ts'
import { compressZstd, decompressZstd } from './zstd.ts'

/** No batch is decompressed to more than this unless asked: far above any `max.message.bytes` that works. */
export const MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024

const COMPRESS: Readonly<Record<Codec, (bytes: Buffer) => Buffer>> = {
  none: bytes => bytes,
  gzip: compressGzip,
  snappy: compressSnappy,
  lz4: compressLz4,
  zstd: compressZstd,
}

const DECOMPRESS: Readonly<Record<Codec, (bytes: Buffer, maxBytes: number) => Buffer>> = {
  none: bytes => bytes,
  gzip: decompressGzip,
  snappy: decompressSnappy,
  lz4: decompressLz4,
  zstd: decompressZstd,
}

/** Compresses the records of a batch the way Kafka's clients do. */
export function compress(codec: Codec, bytes: Buffer): Buffer {
  return COMPRESS[codec](bytes)
}

/** The inverse of `compress`. Throws `ConnectError` BATCH_CORRUPT for garbage and for more than `maxBytes` of content. */
export function decompress(codec: Codec, bytes: Buffer, maxBytes = MAX_DECOMPRESSED_BYTES): Buffer {
  try {
    return DECOMPRESS[codec](bytes, maxBytes)
  } catch (error) {
    if (error instanceof ConnectError) throw error
    throw corrupt(`its ${codec} data (${bytes.length} bytes) cannot be decompressed into at most ${maxBytes} bytes`, error)
  }
}
