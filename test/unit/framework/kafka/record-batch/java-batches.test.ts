import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBatch, splitBatches } from '../../../../../framework/kafka/record-batch/index.ts'
import { javaFixture, javaFixtures } from './java-fixtures.ts'

for (const { name, bytes, records } of javaFixtures.filter(fixture => !fixture.name.startsWith('control'))) {
  test(`reads what Java wrote: ${name}`, () => {
    const batches = splitBatches(bytes)
    assert.ok(batches.every(batch => batch.magic === 2))
    assert.deepEqual(
      batches.flatMap(batch => decodeBatch(batch, { verifyCrc: true })),
      records,
    )
    if (!name.startsWith('none')) assert.equal(batches[0]!.codec, name.split(' ')[0])
  })
}

test('reads the header fields of a transactional batch', () => {
  const [batch] = splitBatches(javaFixture('gzip transactional').bytes)
  const {
    baseOffset,
    lastOffset,
    partitionLeaderEpoch,
    producerId,
    producerEpoch,
    baseSequence,
    count,
    isTransactional,
    isControl,
    isDense,
  } = batch!
  assert.deepEqual(
    {
      baseOffset,
      lastOffset,
      partitionLeaderEpoch,
      producerId,
      producerEpoch,
      baseSequence,
      count,
      isTransactional,
      isControl,
      isDense,
    },
    {
      baseOffset: 30,
      lastOffset: 35,
      partitionLeaderEpoch: 9,
      producerId: 4242,
      producerEpoch: 5,
      baseSequence: 100,
      count: 6,
      isTransactional: true,
      isControl: false,
      isDense: true,
    },
  )
})

test('a control batch is recognised and not taken for records', () => {
  const [batch] = splitBatches(javaFixture('control abort').bytes)
  assert.equal(batch!.isControl, true)
  assert.throws(() => decodeBatch(batch!), { code: 'BATCH_CORRUPT', kind: 'partition' })
})

test('a compacted batch keeps its offsets and is not dense', () => {
  const [batch] = splitBatches(javaFixture('lz4 compacted').bytes)
  assert.equal(batch!.isDense, false)
  assert.deepEqual([batch!.baseOffset, batch!.lastOffset, batch!.count], [400, 415, 6])
})
