/**
 * What the byte path costs per batch and per MB on one core: `node test/bench/micro/record-batch.ts`.
 * Figures of a disturbed machine are low; compare within one run.
 */
import { randomBytes } from 'node:crypto'
import {
  type Codec,
  canJoin,
  compress,
  crc32c,
  decodeBatch,
  decompress,
  encodeBatch,
  joinBatches,
  RecordBatch,
  recompressBatches,
  splitBatches,
  stampBatch,
} from '../../../framework/kafka/record-batch/index.ts'

interface Row {
  readonly what: string
  readonly µs: number
  readonly 'MB/s'?: number
  readonly 'M records/s'?: number
}

const rows: Row[] = []

function measure(what: string, run: () => void, bytes = 0, records = 0): number {
  const until = (seconds: number): number => {
    let runs = 0
    const start = process.hrtime.bigint()
    for (let spent = 0n; spent < seconds * 1e9; spent = process.hrtime.bigint() - start) {
      for (let i = 0; i < 20; i++) run()
      runs += 20
    }
    return Number(process.hrtime.bigint() - start) / runs / 1e3
  }
  until(0.2)
  const µs = until(0.6)
  const round = (value: number, digits: number) => Number(value.toFixed(digits))
  rows.push({
    what,
    µs: round(µs, µs < 10 ? 3 : 1),
    ...(bytes > 0 ? { 'MB/s': round(bytes / µs, 0) } : {}),
    ...(records > 0 ? { 'M records/s': round(records / µs, 2) } : {}),
  })
  return µs
}

function records(count: number, valueBytes: number, value: (length: number) => Buffer = randomBytes) {
  return Array.from({ length: count }, (_, i) => ({ timestamp: 1.7e12 + i, key: null, value: value(valueBytes), headers: [] }))
}

function json(length: number): Buffer {
  const id = randomBytes(8).toString('hex')
  return Buffer.from(
    JSON.stringify({
      id,
      user: `user-${id.slice(0, 4)}`,
      kind: 'click',
      path: '/shop/items',
      note: 'a note of words '.repeat(length / 16),
    }).slice(0, length),
  )
}

let sequence = 0
for (const [count, size] of [
  [15, 1000],
  [30, 500],
  [1000, 1000],
] as const) {
  const bytes = encodeBatch(records(count, size), { codec: 'none' })
  const set = Buffer.concat(Array(60).fill(bytes))
  const batch = new RecordBatch(bytes)
  const decoded = decodeBatch(batch)
  const name = `${count} × ${size} B`
  measure(
    `${name}: stamp`,
    () => stampBatch(bytes, { producerId: 4000, producerEpoch: 0, baseSequence: sequence++ }),
    bytes.length,
  )
  measure(`${name}: checksum in full`, () => crc32c(bytes.subarray(21)), bytes.length)
  measure(`${name}: split 60 batches`, () => splitBatches(set))
  measure(`${name}: decode`, () => decodeBatch(batch), bytes.length, count)
  measure(`${name}: encode`, () => encodeBatch(decoded, { codec: 'none' }), bytes.length, count)
}

for (const codec of ['none', 'lz4'] satisfies Codec[]) {
  for (const [count, size] of [
    [15, 1000],
    [30, 500],
    [150, 100],
  ] as const) {
    for (const neighbours of [4, 16, 60]) {
      const batches = Array.from({ length: neighbours }, () => encodeBatch(records(count, size), { codec }))
      if (!batches.every(canJoin)) throw new Error('not joinable')
      const bytes = batches.reduce((sum, batch) => sum + batch.length, 0)
      measure(
        `join ${neighbours} × (${count} × ${size} B) ${codec}`,
        () => joinBatches(batches, 2 ** 24),
        bytes,
        neighbours * count,
      )
    }
  }
}

for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] satisfies Codec[]) {
  for (const count of [1, 8, 30]) {
    const batches = Array.from({ length: 20 }, () => encodeBatch(records(count, 500, json), { codec }))
    const bytes = batches.reduce((sum, batch) => sum + batch.length, 0)
    measure(`recompress 20 × (${count} × 500 B JSON) ${codec}`, () => recompressBatches(batches, 2 ** 24), bytes, 20 * count)
  }
}

for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] satisfies Codec[]) {
  for (const [name, value] of [
    ['random', randomBytes],
    ['JSON', json],
  ] as const) {
    const raw = encodeBatch(records(30, 500, value), { codec: 'none' }).subarray(61)
    const sixteen = Buffer.concat(
      Array.from({ length: 16 }, () => encodeBatch(records(30, 500, value), { codec: 'none' }).subarray(61)),
    )
    const compressed = compress(codec, raw)
    measure(
      `${codec} ${name}: decompress ${raw.length} B (${compressed.length} B)`,
      () => decompress(codec, compressed),
      raw.length,
    )
    measure(`${codec} ${name}: compress ${sixteen.length} B`, () => compress(codec, sixteen), sixteen.length)
  }
}

console.table(rows)
