import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FetchedPartition } from '../../../../framework/kafka/protocol/fetch.ts'
import { ReadPartition } from '../../../../framework/kafka/reader/partition.ts'
import { takeRun } from '../../../../framework/kafka/reader/take.ts'
import { encodeBatch } from '../../../../framework/kafka/record-batch/index.ts'

const batchAt = (baseOffset: number, count: number, timestampType?: 'LogAppendTime'): Buffer => {
  const records = Array.from({ length: count }, (_, i) => ({
    key: null,
    value: Buffer.from(`v${i}`),
    headers: [],
    timestamp: 1000,
  }))
  const bytes = encodeBatch(records, { codec: 'none', ...(timestampType === undefined ? {} : { timestampType }) })
  bytes.writeInt32BE(baseOffset, 4)
  bytes.writeInt32BE(7, 12)
  return bytes
}

const fetched = (records: Buffer): FetchedPartition => ({
  topic: 't',
  partition: 0,
  errorCode: 0,
  highWatermark: 100,
  lastStableOffset: 100,
  logStartOffset: 0,
  aborted: [],
  preferredReadReplica: -1,
  diverging: null,
  records,
})

const partitionAt = (offset: number): ReadPartition => new ReadPartition({ topic: 't', partition: 0, offset })

test('a response that begins before the position yields the rest of its first batch', () => {
  const partition = partitionAt(2)
  const run = takeRun(partition, fetched(Buffer.concat([batchAt(0, 5), batchAt(5, 2)])))
  assert.deepEqual(
    run?.batches.map(({ firstOffset, lastOffset, count }) => [firstOffset, lastOffset, count]),
    [
      [2, 4, 3],
      [5, 6, 2],
    ],
  )
  assert.equal(partition.offset, 7)
  assert.equal(partition.lastEpoch, 7)
})

test('a damaged batch that has to be written anew ends the run before it, and fails at the position', () => {
  const damaged = batchAt(5, 3, 'LogAppendTime')
  damaged[damaged.length - 1]! ^= 0xff
  const partition = partitionAt(0)
  const run = takeRun(partition, fetched(Buffer.concat([batchAt(0, 5), damaged, batchAt(8, 1)])))
  assert.equal(run?.batches.length, 1)
  assert.equal(run?.nextOffset, 5)
  assert.equal(partition.offset, 5)
  assert.throws(() => takeRun(partition, fetched(Buffer.concat([damaged, batchAt(8, 1)]))), { code: 'BATCH_CORRUPT' })
  assert.equal(partition.offset, 5)
})

test('what lies wholly below the position, and a torn tail, yield nothing', () => {
  const partition = partitionAt(9)
  assert.equal(takeRun(partition, fetched(batchAt(0, 5))), null)
  assert.equal(takeRun(partition, fetched(batchAt(9, 5).subarray(0, 70))), null)
  assert.equal(partition.offset, 9)
})
