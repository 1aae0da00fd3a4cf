import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Codec,
  decodeBatch,
  encodeBatch,
  RecordBatch,
  splitBatches,
} from '../../../../../framework/kafka/record-batch/index.ts'
import { randomRecords, seeded } from './random-records.ts'

const CODECS: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

for (const codec of CODECS) {
  test(`what is encoded in ${codec} is decoded unchanged`, () => {
    const random = seeded(CODECS.indexOf(codec) + 1)
    for (let round = 0; round < 60; round++) {
      const records = randomRecords(random, 1 + random() * 60, round === 0 ? 200_000 : 400)
      const batch = new RecordBatch(encodeBatch(records, { codec }))
      assert.deepEqual(decodeBatch(batch, { verifyCrc: true }), records)
      assert.equal(batch.codec, codec)
      assert.equal(batch.isDense, true)
      assert.equal(batch.baseTimestamp, records[0]!.timestamp)
      assert.equal(batch.maxTimestamp, Math.max(...records.map(record => record.timestamp)))
      assert.deepEqual([batch.producerId, batch.producerEpoch, batch.baseSequence], [-1, -1, -1])
    }
  })
}

test('offsets with holes survive', () => {
  const records = randomRecords(seeded(9), 4).map((record, i) => ({ ...record, offset: 5_000_000_000 + i * 7 }))
  const batch = new RecordBatch(encodeBatch(records, { codec: 'zstd', offsets: records.map(record => record.offset) }))
  assert.deepEqual(decodeBatch(batch), records)
})

test('LogAppendTime gives every record the time of the batch', () => {
  const records = randomRecords(seeded(10), 5)
  const batch = new RecordBatch(encodeBatch(records, { codec: 'none', timestampType: 'LogAppendTime' }))
  const decoded = decodeBatch(batch)
  assert.ok(decoded.every(record => record.timestamp === batch.maxTimestamp))
})

test('a torn last batch is ignored, at every length', () => {
  const first = encodeBatch(randomRecords(seeded(11), 3), { codec: 'none' })
  const second = encodeBatch(randomRecords(seeded(12), 3), { codec: 'gzip' })
  const set = Buffer.concat([first, second])
  for (let end = 0; end <= set.length; end++) {
    const whole = end < first.length ? 0 : end < set.length ? 1 : 2
    assert.equal(splitBatches(set, 0, end).length, whole)
  }
  assert.equal(splitBatches(set, first.length).length, 1)
})
