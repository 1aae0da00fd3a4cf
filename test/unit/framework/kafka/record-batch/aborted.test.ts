import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AbortedFilter, encodeBatch, RecordBatch, splitBatches } from '../../../../../framework/kafka/record-batch/index.ts'
import { javaFixture } from './java-fixtures.ts'

const record = { timestamp: 0, key: Buffer.alloc(4), value: null, headers: [] }

/** Two records from `offset` on: of a transaction if a producer is given. */
function data(offset: number, producerId = -1): RecordBatch {
  const bytes = encodeBatch([record, record], { codec: 'none', offsets: [offset, offset + 1] })
  if (producerId >= 0) {
    bytes[22]! |= 0x10
    bytes.writeBigInt64BE(BigInt(producerId), 43)
  }
  return new RecordBatch(bytes)
}

/** One control record, written by Java. */
function marker(kind: 'abort' | 'commit', offset: number, producerId: number): RecordBatch {
  const bytes = Buffer.from(javaFixture(`control ${kind}`).bytes)
  bytes.writeBigInt64BE(BigInt(offset), 0)
  bytes.writeBigInt64BE(BigInt(producerId), 43)
  return splitBatches(bytes)[0]!
}

const offsets = (batches: readonly RecordBatch[]) => batches.map(batch => batch.baseOffset)
const aborted = (producerId: number, firstOffset: number) => ({ producerId, firstOffset })

test('without transactions the same array comes back', () => {
  const batches = [data(0), data(2)]
  assert.equal(new AbortedFilter().filter([], batches), batches)
})

test('markers are dropped even if nothing was aborted', () => {
  assert.deepEqual(offsets(new AbortedFilter().filter([], [data(0, 1), marker('commit', 2, 1), data(3)])), [0, 3])
})

test('only the aborted producer is dropped, only until its marker', () => {
  const batches = [
    data(0, 1),
    data(2, 2),
    data(4),
    data(6, 1),
    marker('commit', 8, 2),
    marker('abort', 9, 1),
    data(10, 1),
    marker('commit', 12, 1),
  ]
  assert.deepEqual(offsets(new AbortedFilter().filter([aborted(1, 0)], batches)), [2, 4, 10])
})

test('one producer commits, aborts, commits and aborts in one response', () => {
  const batches = [
    data(0, 1),
    marker('commit', 2, 1),
    data(3, 1),
    marker('abort', 5, 1),
    data(6, 1),
    marker('commit', 8, 1),
    data(9, 1),
    data(11, 1),
    marker('abort', 13, 1),
    data(14, 1),
    marker('commit', 16, 1),
  ]
  assert.deepEqual(offsets(new AbortedFilter().filter([aborted(1, 9), aborted(1, 3)], batches)), [0, 6, 14])
})

test('a transaction stays aborted until its marker comes in a later response', () => {
  for (const again of [[aborted(1, 0)], []]) {
    const filter = new AbortedFilter()
    assert.deepEqual(offsets(filter.filter([aborted(1, 0)], [data(0, 1), data(2, 2)])), [2])
    assert.deepEqual(offsets(filter.filter(again, [data(4, 1), data(6)])), [6])
    assert.deepEqual(offsets(filter.filter(again, [marker('abort', 8, 1), data(9, 1), marker('commit', 11, 1)])), [9])
  }
})

test('an entry repeated after its marker does not touch the next transaction', () => {
  const filter = new AbortedFilter()
  filter.filter([aborted(1, 0)], [data(0, 1), marker('abort', 2, 1)])
  assert.deepEqual(offsets(filter.filter([aborted(1, 0)], [data(3, 1)])), [3])
  assert.deepEqual(
    offsets(
      filter.filter([aborted(1, 0), aborted(1, 6)], [marker('commit', 5, 1), data(6, 1), marker('abort', 8, 1), data(9, 1)]),
    ),
    [9],
  )
})

test('a fetch that starts in the middle of an aborted transaction', () => {
  assert.deepEqual(
    offsets(new AbortedFilter().filter([aborted(1, 5)], [data(100, 1), marker('abort', 102, 1), data(103, 1)])),
    [103],
  )
})

test('reading the same range again gives the same', () => {
  const filter = new AbortedFilter()
  const list = [aborted(1, 0), aborted(1, 3)]
  const batches = [data(0, 1), marker('abort', 2, 1), data(3, 1), marker('abort', 5, 1), data(6, 1)]
  for (let i = 0; i < 3; i++) assert.deepEqual(offsets(filter.filter(list, batches)), [6])
  assert.deepEqual(offsets(filter.filter([aborted(1, 3)], batches.slice(2))), [6])
})

test('a transaction whose first batches were removed by compaction is still aborted', () => {
  assert.deepEqual(
    offsets(
      new AbortedFilter().filter([aborted(1, 10)], [data(0, 1), marker('commit', 2, 1), data(20, 1), marker('abort', 30, 1)]),
    ),
    [0],
  )
})

test('after a jump over the marker, the producer starts anew', () => {
  const filter = new AbortedFilter()
  filter.filter([aborted(1, 0)], [data(0, 1)])
  assert.deepEqual(offsets(filter.filter([], [data(500, 1), marker('commit', 502, 1)])), [500])
})

test('a reset forgets an open transaction', () => {
  const filter = new AbortedFilter()
  filter.filter([aborted(1, 0)], [data(0, 1)])
  filter.reset()
  assert.deepEqual(offsets(filter.filter([], [data(2, 1)])), [2])
})

test('a response without a whole batch changes nothing', () => {
  const filter = new AbortedFilter()
  filter.filter([aborted(1, 0)], [data(0, 1)])
  assert.deepEqual(filter.filter([aborted(1, 0)], []), [])
  assert.deepEqual(offsets(filter.filter([], [data(2, 1)])), [])
})
