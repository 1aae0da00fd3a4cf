import assert from 'node:assert/strict'
import { test } from 'node:test'
import { singleBlock } from '../../../../../framework/kafka/record-batch/codecs/lz4-frame.ts'
import {
  type Codec,
  canJoin,
  type DecodedRecord,
  decodeBatch,
  encodeBatch,
  isWorthRecompressing,
  joinBatches,
  RecordBatch,
  recompressBatches,
  splitBatches,
} from '../../../../../framework/kafka/record-batch/index.ts'
import { javaFixture } from './java-fixtures.ts'
import { randomBytes, randomRecords, seeded } from './random-records.ts'

const UNLIMITED = 2 ** 30
const renumbered = (records: readonly DecodedRecord[]) => records.map((record, offset) => ({ ...record, offset }))
const decode = (bytes: Buffer) => decodeBatch(new RecordBatch(bytes), { verifyCrc: true })

/** Records lz4 cannot shrink. */
function noise(random: () => number, count: number): DecodedRecord[] {
  return randomRecords(random, count).map(record => ({
    ...record,
    key: null,
    value: randomBytes(random, 300 + random() * 400),
    headers: [],
  }))
}

for (const codec of ['none', 'lz4'] as const) {
  test(`${codec}: neighbours in one batch hold the same records in the same order`, () => {
    const random = seeded(codec === 'none' ? 31 : 32)
    for (let round = 0; round < 30; round++) {
      const sources = Array.from({ length: 2 + random() * 20 }, () =>
        codec === 'none' ? randomRecords(random, 1 + random() * 30) : noise(random, 1 + random() * 30),
      )
      const batches = sources.map(records => encodeBatch(records, { codec }))
      assert.ok(batches.every(canJoin))
      const { bytes, count, joined } = joinBatches(batches, UNLIMITED)!
      const records = renumbered(sources.flat())
      const batch = new RecordBatch(bytes)
      assert.deepEqual([joined, count, batch.codec, batch.isDense], [batches.length, records.length, codec, true])
      assert.equal(batch.maxTimestamp, Math.max(...records.map(record => record.timestamp)))
      assert.deepEqual(decode(bytes), records)
    }
  })
}

test('a joined lz4 batch of more than 64 KiB and 256 KiB is one stored block again, and can be joined further', () => {
  const random = seeded(33)
  const sources = Array.from({ length: 40 }, () => noise(random, 30))
  const batches = sources.map(records => encodeBatch(records, { codec: 'lz4' }))
  const halves = [joinBatches(batches.slice(0, 20), UNLIMITED)!.bytes, joinBatches(batches.slice(20), UNLIMITED)!.bytes]
  assert.ok(halves.every(canJoin))
  const { bytes } = joinBatches(halves, UNLIMITED)!
  assert.ok(bytes.length > 512 * 1024)
  assert.deepEqual(decode(bytes), renumbered(sources.flat()))
})

test('lz4 blocks that hardly compress are reached without the library, and stored when joined', () => {
  const random = seeded(36)
  const letters = (length: number) => Buffer.from(Array.from({ length }, () => 65 + random() * 26))
  const sources = Array.from({ length: 12 }, () =>
    randomRecords(random, 30).map(record => ({
      ...record,
      key: Buffer.from(`a longer key ${Math.floor(random() * 100)}`),
      value: letters(500),
      headers: [],
    })),
  )
  const batches = sources.map(records => encodeBatch(records, { codec: 'lz4' }))
  assert.ok(batches.every(canJoin))
  assert.ok(batches.some(batch => singleBlock(batch, 61)?.stored === false))
  const { bytes, joined } = joinBatches(batches, UNLIMITED)!
  assert.deepEqual([joined, singleBlock(bytes, 61)?.stored], [12, true])
  assert.deepEqual(decode(bytes), renumbered(sources.flat()))
})

test('the limit holds, and says how many batches fitted', () => {
  const random = seeded(34)
  const batches = Array.from({ length: 30 }, () => encodeBatch(randomRecords(random, 20), { codec: 'none' }))
  for (let limit = 0; limit < 60_000; limit += 1777) {
    const result = joinBatches(batches, limit)
    if (result === null) continue
    assert.ok(result.bytes.length <= limit)
    assert.equal(result.count, result.joined * 20)
  }
  assert.equal(joinBatches(batches, batches[0]!.length + 100), null)
})

test('only what can be reached without decompressing is joined', () => {
  const random = seeded(35)
  const words = randomRecords(random, 40).map(record => ({ ...record, value: Buffer.from('word '.repeat(100)) }))
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] satisfies Codec[])
    assert.equal(canJoin(encodeBatch(words, { codec })), false)
  for (const name of ['none LogAppendTime', 'lz4 compacted', 'control abort']) {
    assert.equal(canJoin(splitBatches(javaFixture(name).bytes)[0]!.bytes), false)
  }
  const plain = encodeBatch(words, { codec: 'none' })
  assert.equal(joinBatches([plain, encodeBatch(words, { codec: 'gzip' })], UNLIMITED), null)
  assert.equal(joinBatches([plain, plain, encodeBatch(noise(random, 9), { codec: 'lz4' })], UNLIMITED)!.joined, 2)
  assert.equal(joinBatches([], UNLIMITED), null)
})

test('Java batches are joined, transactional or with a delete horizon', () => {
  const names = ['none v2', 'none delete horizon', 'none v2']
  const batches = names.map(name => splitBatches(javaFixture(name).bytes)[0]!.bytes)
  assert.deepEqual(decode(joinBatches(batches, UNLIMITED)!.bytes), renumbered(names.flatMap(name => javaFixture(name).records)))
})

for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] satisfies Codec[]) {
  test(`${codec}: small batches are joined by compressing them again`, () => {
    const random = seeded(37)
    for (let round = 0; round < 10; round++) {
      const sources = Array.from({ length: 2 + random() * 20 }, () => randomRecords(random, 1 + random() * 5))
      const batches = sources.map(records => encodeBatch(records, { codec }))
      const { bytes, count, joined } = recompressBatches(batches, UNLIMITED)!
      const batch = new RecordBatch(bytes)
      assert.deepEqual([joined, count, batch.codec, batch.isDense], [batches.length, sources.flat().length, codec, true])
      assert.deepEqual(decode(bytes), renumbered(sources.flat()))
    }
    const batches = Array.from({ length: 9 }, () => encodeBatch(randomRecords(random, 2, 50), { codec }))
    assert.ok(batches.every(isWorthRecompressing))
    const size = batches[0]!.length + batches[1]!.length + batches[2]!.length
    const result = recompressBatches(batches, size)!
    assert.ok(result.joined >= 2 && result.joined < 9 && result.bytes.length <= size)
    assert.equal(recompressBatches(batches, batches[0]!.length + 10), null)
    assert.equal(isWorthRecompressing(encodeBatch(noise(random, 30), { codec })), false)
  })
}

test('batches without compression and of another codec are not compressed', () => {
  const [none, gzip, zstd] = (['none', 'gzip', 'zstd'] as const).map(codec =>
    encodeBatch(randomRecords(seeded(38), 2), { codec }),
  )
  assert.equal(isWorthRecompressing(none!), false)
  assert.equal(recompressBatches([none!, none!], UNLIMITED), null)
  assert.equal(recompressBatches([gzip!, zstd!], UNLIMITED), null)
  assert.equal(recompressBatches([gzip!, gzip!, zstd!], UNLIMITED)!.joined, 2)
})

test('a damaged batch is not joined under a good checksum', () => {
  const batches = [1, 2].map(seed => encodeBatch(randomRecords(seeded(seed), 5), { codec: 'none' }))
  batches[1]![batches[1]!.length - 2]! ^= 1
  assert.throws(() => joinBatches(batches, UNLIMITED), { code: 'BATCH_CORRUPT', kind: 'partition' })
})
