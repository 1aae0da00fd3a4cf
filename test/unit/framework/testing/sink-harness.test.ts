import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatMap, type Observable } from 'rxjs'
import { deferred } from '../../../../framework/flow/index.ts'
import { ConnectError, eachBatch, type SinkAck, type SinkBatch, SinkTask } from '../../../../framework/index.ts'
import { type HarnessRecord, SinkHarness } from '../../../../framework/testing/index.ts'
import { manual } from './manual-sink.ts'

const ORDERS = { topic: 'orders', partition: 0 }
const RETURNS = { topic: 'returns', partition: 0 }
const busy = new ConnectError('BUSY', 'come back later', { kind: 'retriable', stage: 'deliver' })
const broken = new ConnectError('BROKEN', 'no use', { kind: 'fatal', stage: 'deliver' })
const poison = new ConnectError('POISON', 'not to be written', { kind: 'partition', stage: 'deliver' })

const records = (...values: readonly string[]): HarnessRecord[] => values.map(value => ({ value }))
const valuesOf = (batch: SinkBatch): string[] => batch.records().map(({ value }) => String(value))

test('acknowledgements in any order commit the prefix', async () => {
  const [task, harness] = await manual()
  for (const value of ['a', 'b', 'c']) await harness.deliver('orders', 0, records(value))
  task.ack(2)
  task.ack(1)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), undefined)
  task.ack(0)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 3)
  assert.equal(harness.heldBytes, 0)
})

test('what is acknowledged of a batch is committed, and no acknowledgement commits nothing', async () => {
  const [task, harness] = await manual()
  await harness.deliver('orders', 0, records('a', 'b', 'c', 'd'))
  await harness.commit()
  assert.equal(harness.committed.size, 0)
  task.ack(0, { nextOffset: 2 })
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 2)
  task.ack(0, { nextOffset: 1 })
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 2, 'never back')
  task.ack(0)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 4)
})

test('a stretch without records is passed as soon as all before it is acknowledged', async () => {
  const [task, harness] = await manual({ offsets: new Map([['orders-0', 5]]) })
  await harness.deliver('orders', 0, records('a'))
  harness.skip('orders', 0, 3)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 5)
  task.ack(0)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 9)
})

test('a rebalance flushes, waits for what was begun, commits, and only then closes; opens only what is new', async () => {
  const [task, harness] = await manual()
  await harness.assign(ORDERS, RETURNS)
  await harness.deliver('orders', 0, records('a'))
  await harness.deliver('returns', 0, records('x'))
  task.onFlush = () => task.ack(0)
  await harness.revoke(ORDERS)
  assert.equal(harness.committed.get('orders-0'), 1)
  assert.deepEqual([...harness.committed.keys()], ['orders-0'])
  await harness.assign(ORDERS, RETURNS)
  assert.deepEqual(task.told, ['open orders returns', 'flush orders', 'revoked orders', 'open orders'])
})

test('partitions that are lost are closed without a flush and a commit, and late acknowledgements count for nothing', async () => {
  const [task, harness] = await manual()
  await harness.deliver('orders', 0, records('a'))
  const [batch] = task.batches
  await harness.lose(ORDERS)
  assert.equal(batch!.signal.aborted, true)
  assert.deepEqual(valuesOf(batch!), ['a'], 'a task in the midst of it can go on')
  task.ack(0)
  await harness.commit()
  assert.equal(harness.committed.size, 0)
  assert.deepEqual(task.told, ['open orders', 'lost orders'])
  assert.equal(harness.error, undefined)
})

test('a flush that fails retriably has everything delivered again that is not acknowledged, the same batches in order', async () => {
  const [task, harness] = await manual()
  for (const value of ['a', 'b', 'c']) await harness.deliver('orders', 0, records(value))
  task.ack(1)
  task.onFlush = () => {
    throw busy
  }
  await harness.flush()
  assert.deepEqual(
    task.batches.map(batch => `${batch.firstOffset}/${batch.deliveries}`),
    ['0/2', '1/1', '2/2', '0/2', '2/2'],
  )
  assert.equal(task.batches[3], task.batches[0])
  task.ack(3)
  task.ack(4)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 3)
})

test('a flush that fails otherwise fails the task', async () => {
  const [task, harness] = await manual()
  await harness.deliver('orders', 0, records('a'))
  task.onFlush = () => {
    throw new Error('disk full')
  }
  await harness.flush()
  assert.match(harness.error?.message ?? '', /flush\(\) of task test-0.*disk full/)
  await assert.rejects(harness.stop(), /disk full/)
})

test('a stream that fails retriably is subscribed to again and given what is not acknowledged; otherwise the task fails', async () => {
  let calls = 0
  const seen: string[][] = []
  class Flaky extends SinkTask {
    async start(): Promise<void> {
      // nothing to prepare
    }

    deliver(batch$: Observable<SinkBatch>): Observable<SinkAck> {
      const call = ++calls
      return batch$.pipe(
        concatMap(async batch => {
          seen.push(valuesOf(batch))
          if (batch.firstOffset === 1 && call < 3) throw busy
          if (batch.firstOffset === 2) throw broken
          return { batch }
        }),
      )
    }
  }
  const harness = await SinkHarness.start(new Flaky())
  await harness.deliver('orders', 0, records('a'))
  await harness.settled()
  await harness.deliver('orders', 0, records('b'))
  while (calls < 3) await new Promise(setImmediate)
  await harness.settled()
  await harness.commit()
  assert.deepEqual(seen, [['a'], ['b'], ['b'], ['b']])
  assert.equal(harness.committed.get('orders-0'), 2)
  await harness.deliver('orders', 0, records('c'))
  await assert.rejects(harness.stop(), broken)
  assert.equal(harness.committed.get('orders-0'), 2)
})

test('eachBatch: a batch that may not be written fails its partition, the others go on', async () => {
  class Picky extends SinkTask {
    async start(): Promise<void> {
      // nothing to prepare
    }

    override deliver = eachBatch(async batch => {
      if (valuesOf(batch).includes('bad')) throw poison
    })
  }
  const harness = await SinkHarness.start(new Picky())
  await harness.deliver('orders', 0, records('good'))
  await harness.deliver('orders', 0, records('bad'))
  await harness.deliver('orders', 0, records('never'))
  await harness.deliver('returns', 0, records('good'))
  await harness.settled()
  await harness.stop()
  assert.deepEqual(harness.failedPartitions, [{ partition: ORDERS, error: poison }])
  assert.deepEqual(
    [...harness.committed],
    [
      ['orders-0', 1],
      ['returns-0', 1],
    ],
  )
})

test('pause holds back a partition, resume delivers what waited, in order', async () => {
  const [task, harness] = await manual()
  await harness.assign(ORDERS, RETURNS)
  task.context.pause([ORDERS])
  await harness.deliver('orders', 0, records('a'))
  await harness.deliver('orders', 0, records('b'))
  await harness.deliver('returns', 0, records('x'))
  assert.deepEqual(task.batches.map(valuesOf), [['x']])
  task.context.resume([ORDERS])
  assert.deepEqual(task.batches.map(valuesOf), [['x'], ['a'], ['b']])
  assert.throws(() => task.context.pause([{ topic: 'other', partition: 0 }]), { code: 'NOT_ASSIGNED' })
})

test('seek in open begins where the sink itself has stored that it was', async () => {
  const [task, harness] = await manual()
  task.onOpen = () => task.context.seek(ORDERS, 40)
  assert.equal(await harness.deliver('orders', 0, records('a')), 40)
  task.ack(0)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 41)
})

test('seek forgets what was delivered: its acknowledgement counts for nothing', async () => {
  const [task, harness] = await manual()
  await harness.deliver('orders', 0, records('a', 'b'))
  task.context.seek(ORDERS, 1)
  assert.equal(task.batches[0]?.signal.aborted, true)
  task.ack(0)
  await harness.commit()
  assert.equal(harness.committed.size, 0)
  assert.equal(await harness.deliver('orders', 0, records('b')), 1)
  task.ack(1)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 2)
})

test('nothing is committed before a record that was reported is safe, and a report that fails fails the task', async () => {
  let report = deferred()
  const [task, harness] = await manual({ errantRecords: () => report.promise })
  const deliverAndReport = async () => {
    await harness.deliver('orders', 0, records('bad'))
    const batch = task.batches.at(-1)!
    const reporting = task.context.errantRecords!.report(batch.records()[0]!, poison)
    task.acks.next({ batch })
    return reporting
  }
  const first = deliverAndReport()
  await new Promise(setImmediate)
  const commit = harness.commit()
  await new Promise(setImmediate)
  assert.equal(harness.committed.size, 0)
  report.resolve()
  await Promise.all([first, commit])
  assert.equal(harness.committed.get('orders-0'), 1)
  report = deferred()
  const second = deliverAndReport()
  report.reject(broken)
  await assert.rejects(second, broken)
  await harness.commit()
  assert.equal(harness.committed.get('orders-0'), 1)
  assert.equal(harness.error, broken)
})

test('records that the sink cannot take go to the reporter where there is one', async () => {
  const [task, harness] = await manual({ errantRecords: 'collected' })
  await harness.deliver('orders', 0, [{ key: 'k', value: 'bad', headers: [{ key: 'h', value: null }] }])
  const [record] = task.batches[0]!.records()
  await task.context.errantRecords!.report(record!, poison)
  task.ack(0)
  await harness.commit()
  assert.deepEqual(harness.errant, [{ record, error: poison }])
  assert.equal(harness.committed.get('orders-0'), 1)
  const [without] = await manual()
  assert.equal(without.context.errantRecords, null)
})

test('a task that breaks the contract fails with a message for its author', async () => {
  const [task, harness] = await manual()
  await harness.deliver('orders', 0, records('a'))
  task.acks.next({ batch: { ...task.batches[0]! } as SinkBatch })
  assert.equal(harness.error?.code, 'CONTRACT_BROKEN')
  const [early, second] = await manual()
  early.acks.complete()
  assert.match(second.error?.message ?? '', /completed the stream of its acknowledgements before its batches were complete/)
})

test('a stop delivers nothing more, waits for what was begun, commits and completes the stream', async () => {
  const [task, harness] = await manual()
  await harness.deliver('orders', 0, records('a'))
  const stopping = harness.stop()
  task.ack(0)
  await stopping
  assert.equal(harness.committed.get('orders-0'), 1)
  assert.deepEqual(task.told, ['open orders', 'flush orders', 'stopped orders'])
  const next = await SinkHarness.start(task, { offsets: harness.committed })
  assert.equal(await next.deliver('orders', 0, records('b')), 1)
  await next.kill()
})
