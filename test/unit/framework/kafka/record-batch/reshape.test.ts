import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Codec,
  type DecodedRecord,
  decodeBatch,
  dropBelow,
  encodeBatch,
  halve,
  makeCopyable,
  RecordBatch,
  splitBatches,
} from '../../../../../framework/kafka/record-batch/index.ts'
import { javaFixture } from './java-fixtures.ts'
import { randomRecords, seeded } from './random-records.ts'

const CODECS: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const decode = (bytes: Buffer) => decodeBatch(new RecordBatch(bytes), { verifyCrc: true })
const renumbered = (records: readonly DecodedRecord[]) => records.map((record, offset) => ({ ...record, offset }))
const maxTimestamp = (records: readonly DecodedRecord[]) => Math.max(...records.map(record => record.timestamp))
const batchOf = (name: string) => splitBatches(Buffer.from(javaFixture(name).bytes))[0]!

test('a dense batch is copied as the same bytes', () => {
  const batch = batchOf('snappy v2')
  const copy = makeCopyable(batch)
  assert.equal(copy!.bytes, batch.bytes)
  assert.deepEqual([copy!.count, copy!.sourceOffsets], [6, null])
})

test('a batch with a delete horizon is copied as the same bytes: stamping clears the bit', () => {
  const batch = batchOf('none delete horizon')
  assert.equal(makeCopyable(batch)!.bytes, batch.bytes)
})

test('a compacted batch gets dense offsets, keeps its codec and tells the source offsets', () => {
  const copy = makeCopyable(batchOf('lz4 compacted'))!
  const batch = new RecordBatch(copy.bytes)
  assert.deepEqual([batch.isDense, batch.codec, copy.count], [true, 'lz4', 6])
  assert.deepEqual(copy.sourceOffsets, [400, 403, 406, 409, 412, 415])
  assert.deepEqual(decode(copy.bytes), renumbered(javaFixture('lz4 compacted').records))
})

for (const name of ['none LogAppendTime', 'zstd LogAppendTime']) {
  test(`${name}: every record gets the broker's time as its own`, () => {
    const copy = makeCopyable(batchOf(name))!
    const batch = new RecordBatch(copy.bytes)
    assert.deepEqual([batch.isLogAppendTime, batch.codec, copy.sourceOffsets], [false, name.split(' ')[0], null])
    assert.equal(batch.maxTimestamp, batch.baseTimestamp)
    assert.deepEqual(decode(copy.bytes), renumbered(javaFixture(name).records))
  })
}

test('empty and control batches have nothing to copy', () => {
  const empty = Buffer.from(javaFixture('none v2').bytes.subarray(0, 61))
  empty.writeInt32BE(0, 57)
  empty.writeInt32BE(49, 8)
  assert.equal(makeCopyable(splitBatches(empty)[0]!), null)
  assert.equal(makeCopyable(batchOf('control commit')), null)
})

for (const codec of CODECS) {
  test(`${codec}: the remainder of a batch is exact at every offset`, () => {
    const random = seeded(20)
    const source = randomRecords(random, 20).map((record, i) => ({ ...record, offset: 7_000_000_000 + i * 3 }))
    const batch = new RecordBatch(encodeBatch(source, { codec, offsets: source.map(record => record.offset) }))
    assert.equal(dropBelow(batch, 7_000_000_000), batch)
    assert.equal(dropBelow(batch, batch.lastOffset + 1), null)
    for (let offset = batch.baseOffset + 1; offset <= batch.lastOffset; offset++) {
      const left = source.filter(record => record.offset >= offset)
      const rest = dropBelow(batch, offset)!
      assert.deepEqual(decodeBatch(rest, { verifyCrc: true }), left)
      assert.deepEqual([rest.codec, rest.lastOffset, rest.maxTimestamp], [codec, batch.lastOffset, maxTimestamp(left)])
      const copy = makeCopyable(rest)!
      const offsets = copy.sourceOffsets ?? left.map((_, i) => rest.baseOffset + i)
      assert.deepEqual(
        offsets,
        left.map(record => record.offset),
      )
      assert.deepEqual(renumbered(decode(copy.bytes)), renumbered(left))
    }
  })

  test(`${codec}: halves hold the records of the whole, down to single ones`, () => {
    const records = randomRecords(seeded(21), 23)
    const pieces = (bytes: Buffer): Buffer[] => {
      const halves = halve(bytes)
      return halves === null ? [bytes] : halves.flatMap(pieces)
    }
    const all = pieces(encodeBatch(records, { codec }))
    assert.equal(all.length, 23)
    assert.deepEqual(renumbered(all.flatMap(decode)), records)
    const [first, second] = halve(encodeBatch(records, { codec }))!
    for (const half of [first, second]) assert.equal(new RecordBatch(half).maxTimestamp, maxTimestamp(decode(half)))
    assert.deepEqual(renumbered([...decode(first), ...decode(second)]), records)
  })
}

test('halves are about the same size even when one record outweighs the others', () => {
  const records = randomRecords(seeded(22), 9, 100)
  const heavy = [...records, { ...records[0]!, offset: 9, value: Buffer.alloc(5000) }]
  const [first, second] = halve(encodeBatch(heavy, { codec: 'none' }))!
  assert.deepEqual([new RecordBatch(first).count, new RecordBatch(second).count], [9, 1])
})

test('what is left of a transactional batch is still of its producer', () => {
  const rest = dropBelow(batchOf('gzip transactional'), 33)!
  assert.deepEqual(
    [rest.isTransactional, rest.producerId, rest.producerEpoch, rest.partitionLeaderEpoch, rest.count],
    [true, 4242, 5, 9, 3],
  )
})

test('what is left of a LogAppendTime batch has its time', () => {
  const rest = dropBelow(batchOf('zstd LogAppendTime'), 12)!
  assert.deepEqual(decodeBatch(rest, { verifyCrc: true }), javaFixture('zstd LogAppendTime').records.slice(3))
})

test('a damaged batch is never written anew', () => {
  const batch = batchOf('lz4 compacted')
  batch.bytes[100]! ^= 4
  assert.throws(() => makeCopyable(batch), { code: 'BATCH_CORRUPT' })
  assert.throws(() => dropBelow(batch, 405), { code: 'BATCH_CORRUPT' })
  assert.throws(() => halve(batch.bytes), { code: 'BATCH_CORRUPT' })
})
