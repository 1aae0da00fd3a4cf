import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeBatch,
  encodeBatch,
  PLAIN_PRODUCER,
  RecordBatch,
  splitBatches,
  stampBatch,
} from '../../../../../framework/kafka/record-batch/index.ts'
import { javaFixture } from './java-fixtures.ts'
import { randomRecords, seeded } from './random-records.ts'

test('stamping sets the producer, clears the transaction and keeps the checksum right', () => {
  const { bytes, records } = javaFixture('gzip transactional')
  const [batch] = splitBatches(Buffer.from(bytes))
  stampBatch(batch!.bytes, { producerId: 2 ** 40 + 3, producerEpoch: 2, baseSequence: 2_000_000_000 })
  assert.deepEqual(
    [
      batch!.baseOffset,
      batch!.partitionLeaderEpoch,
      batch!.isTransactional,
      batch!.producerId,
      batch!.producerEpoch,
      batch!.baseSequence,
    ],
    [0, -1, false, 2 ** 40 + 3, 2, 2_000_000_000],
  )
  assert.deepEqual(
    decodeBatch(batch!, { verifyCrc: true }),
    records.map((record, offset) => ({ ...record, offset })),
  )
})

test('a batch with a delete horizon keeps its timestamps without it', () => {
  const { bytes, records } = javaFixture('none delete horizon')
  const [batch] = splitBatches(Buffer.from(bytes))
  assert.equal(batch!.hasDeleteHorizon, true)
  stampBatch(batch!.bytes, PLAIN_PRODUCER)
  assert.equal(batch!.hasDeleteHorizon, false)
  assert.deepEqual(
    decodeBatch(batch!, { verifyCrc: true }).map(record => record.timestamp),
    records.map(record => record.timestamp),
  )
})

test('a batch stamped again and again has the checksum of its last stamp', () => {
  const random = seeded(3)
  const bytes = encodeBatch(randomRecords(random, 50), { codec: 'lz4' })
  const batch = new RecordBatch(bytes)
  for (let i = 0; i < 200; i++) {
    stampBatch(bytes, {
      producerId: Math.floor(random() * 2 ** 53),
      producerEpoch: Math.floor(random() * 32_768),
      baseSequence: Math.floor(random() * 2 ** 31),
    })
    assert.ok(batch.hasValidCrc())
  }
})

test('a damaged batch stays damaged: its checksum is carried, not made good', () => {
  const bytes = encodeBatch(randomRecords(seeded(4), 5), { codec: 'none' })
  bytes[bytes.length - 1]! ^= 1
  stampBatch(bytes, { producerId: 7, producerEpoch: 0, baseSequence: 0 })
  assert.equal(new RecordBatch(bytes).hasValidCrc(), false)
})
