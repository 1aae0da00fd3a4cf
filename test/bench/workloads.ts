export interface Workload {
  readonly name: string
  readonly title: string
  readonly values: 'json' | 'random'
  /** 0: null keys. */
  readonly keyBytes: number
  readonly valueBytes: number
  readonly codec: 'none' | 'lz4'
  readonly compressible: boolean
  /** Bytes that the codec leaves of one byte. */
  readonly compressedShare: number
  /** `batch.size` of the Java producer, which fills a batch up to what it guesses this to be after compression. */
  readonly batchBytes: number
  /** What the broker's log must show after writing, or the figures mean something else. */
  readonly expected: { readonly batchBytes: readonly [number, number]; readonly ratio: readonly [number, number] }
}

export const PARTITIONS = 4

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'json-lz4',
    title: '1 KB JSON, lz4 4.3:1, 33 KB batches',
    values: 'json',
    keyBytes: 8,
    valueBytes: 992,
    compressible: true,
    compressedShare: 0.24,
    codec: 'lz4',
    batchBytes: 39_000,
    expected: { batchBytes: [28_000, 38_000], ratio: [4.1, 4.5] },
  },
  {
    name: 'plain-1k',
    title: '1 KB random, uncompressed, 64 KB batches',
    values: 'random',
    keyBytes: 0,
    valueBytes: 1000,
    compressible: false,
    compressedShare: 1,
    codec: 'none',
    batchBytes: 65_536,
    expected: { batchBytes: [62_000, 67_000], ratio: [0.95, 1.02] },
  },
  {
    name: 'small-15k',
    title: '500 B random, lz4 that saves nothing, 15 KB batches',
    values: 'random',
    keyBytes: 0,
    valueBytes: 500,
    compressible: false,
    compressedShare: 1,
    codec: 'lz4',
    batchBytes: 16_400,
    expected: { batchBytes: [13_500, 16_500], ratio: [0.93, 1.03] },
  },
]

/** Bytes of key and value of one record. */
export const recordBytes = ({ keyBytes, valueBytes }: Workload): number => keyBytes + valueBytes

/** Records that make up a volume in MB (10^6 bytes of key and value), the same number for each partition. */
export const recordCount = (workload: Workload, mb: number): number =>
  PARTITIONS * Math.ceil((mb * 1e6) / recordBytes(workload) / PARTITIONS)
