/** How the records of a batch are compressed. */
export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** By the id in bits 0–2 of a batch's attributes. */
export const CODEC_NAMES: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
