import { WORKLOADS, type Workload } from '../workloads.ts'

/** What telemetry costs is counted by batch: large ones hide it, small ones show it. */
export const TELEMETRY_WORKLOADS: readonly Workload[] = [
  ...WORKLOADS.filter(({ name }) => name === 'json-lz4'),
  {
    name: 'small-3k',
    title: '1 KB random, uncompressed, 3 KB batches',
    values: 'random',
    keyBytes: 0,
    valueBytes: 1_000,
    compressible: false,
    compressedShare: 1,
    codec: 'none',
    batchBytes: 3_200,
    expected: { batchBytes: [2_000, 3_400], ratio: [0.9, 1.02] },
  },
]
