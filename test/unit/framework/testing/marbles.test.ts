import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatMap, groupBy, map, mergeMap, type Observable, throwError, timer } from 'rxjs'
import type { Demand, SinkBatch, SourceBatch } from '../../../../framework/index.ts'
import { marbles, sinkBatch } from '../../../../framework/testing/index.ts'

const after = (ms: number): Observable<SourceBatch> => timer(ms).pipe(map(() => ({ parts: [] })))
const polls = (atOnce: number) => mergeMap((_: Demand) => after(3), atOnce)

/** One after the other in each partition, partitions beside each other. */
const perPartition = (batch$: Observable<SinkBatch>) =>
  batch$.pipe(
    groupBy(({ partition }) => partition),
    mergeMap(lane$ => lane$.pipe(concatMap(batch => timer(2).pipe(map(() => ({ batch })))))),
  )

test('demands in, batches out, and how many were outstanding', () => {
  marbles(({ expectBatches }) => {
    expectBatches({ operator: polls(1), demands: 'd-d|', batches: '---a--(b|)', maxOutstanding: 2 })
    expectBatches({ operator: polls(2), demands: '(ddd)', batches: '---(ab)', unsubscribe: '-----!', maxOutstanding: 3 })
    const named = { x: { parts: [] } }
    expectBatches({ operator: polls(1), demands: 'd|', batches: '---(x|)', values: named })
  })
})

test('batches in, acknowledgements out by the name of their batch, and how many were in flight', () => {
  const values = {
    a: sinkBatch({ partition: 0 }),
    b: sinkBatch({ partition: 0, firstOffset: 1 }),
    x: sinkBatch({ partition: 1 }),
  }
  marbles(({ expectAcks }) => {
    expectAcks({ operator: perPartition, batches: 'ab-x---|', values, acks: '--a-bx-|', maxInFlight: 2 })
    expectAcks({ operator: perPartition, batches: 'abc|', acks: '--a-b-(c|)', maxInFlight: 3 })
    expectAcks({ operator: mergeMap(() => throwError(() => 'error')), batches: '-a', acks: '-#' })
  })
})

test('what is not as drawn fails: time, number, name, maximum', () => {
  const rejects = (flow: { demands: string; batches: string; maxOutstanding?: number }): void =>
    assert.throws(() => marbles(({ expectBatches }) => expectBatches({ operator: polls(1), ...flow })), assert.AssertionError)
  rejects({ demands: 'd|', batches: '--(a|)' })
  rejects({ demands: 'd|', batches: '---(ab|)' })
  rejects({ demands: 'd-d|', batches: '---a--(b|)', maxOutstanding: 1 })
  const values = { a: sinkBatch(), b: sinkBatch() }
  const acks = (drawn: string) => () =>
    marbles(({ expectAcks }) => expectAcks({ operator: perPartition, batches: 'ab|', values, acks: drawn }))
  assert.doesNotThrow(acks('--a-(b|)'))
  assert.throws(acks('--b-(a|)'), assert.AssertionError)
})

test('a batch for tests has a record of its text, as bytes and as value', async () => {
  const batch = sinkBatch({ topic: 't', partition: 3, firstOffset: 7 }, 'hello')
  assert.deepEqual(
    batch.records().map(({ topic, partition, offset, value }) => [topic, partition, offset, String(value)]),
    [['t', 3, 7, 'hello']],
  )
  const [value] = await batch.values()
  assert.deepEqual([value?.value, value?.original], ['hello', batch.records()[0]])
})
