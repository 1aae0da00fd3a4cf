import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Subject } from 'rxjs'
import {
  ConnectError,
  connectRecord,
  type ErrantRecordReporter,
  type SinkAck,
  type SinkBatch,
  type SinkValue,
} from '../../../../framework/api/index.ts'
import { deferred, eachRecord, type WriteRecord } from '../../../../framework/flow/index.ts'

const busy = new ConnectError('BUSY', 'come back later', { kind: 'retriable', stage: 'deliver' })
const full = new ConnectError('FULL', 'no room for this partition', { kind: 'partition', stage: 'deliver' })
const exceeded = new ConnectError('TOLERANCE_EXCEEDED', 'Tolerance exceeded in error handler', {
  kind: 'fatal',
  stage: 'deliver',
})
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

interface BatchParts {
  readonly partition?: number
  readonly firstOffset?: number
  readonly lastOffset?: number
  readonly signal?: AbortSignal
  readonly errantRecords?: ErrantRecordReporter | null
}

/** With a value at each of these offsets. */
const batchOf = (offsets: readonly number[], parts: BatchParts = {}): SinkBatch => {
  const { partition = 0, firstOffset = offsets[0] ?? 0, lastOffset = offsets.at(-1) ?? 0 } = parts
  const original = {
    topic: 't',
    partition,
    key: null,
    value: null,
    headers: [],
    timestamp: -1,
    timestampType: 'CreateTime',
  } as const
  const values: SinkValue[] = offsets.map(offset => ({
    ...connectRecord({ topic: 't', value: `v${offset}` }),
    partition,
    offset,
    original: { ...original, offset },
  }))
  return {
    topic: 't',
    partition,
    firstOffset,
    lastOffset,
    count: lastOffset + 1 - firstOffset,
    byteLength: 1,
    deliveries: 1,
    signal: parts.signal ?? new AbortController().signal,
    records: () => [],
    values: async () => values,
    errantRecords: parts.errantRecords ?? null,
  }
}

const run = (write: WriteRecord) => {
  const batch$ = new Subject<SinkBatch>()
  const acks: SinkAck[] = []
  const ended = deferred()
  batch$.pipe(eachRecord(write, { backoff: { initialMs: 1, maxMs: 1 } })).subscribe({
    next: ack => acks.push(ack),
    error: error => ended.reject(error),
    complete: () => ended.resolve(),
  })
  const all = async (...batches: readonly SinkBatch[]): Promise<void> => {
    for (const batch of batches) batch$.next(batch)
    batch$.complete()
    await ended.promise
  }
  return { batch$, acks, all }
}

test('writes records one after the other within a partition, partitions beside each other, and acknowledges each batch once', async () => {
  const written: string[] = []
  let running = 0
  let most = 0
  const { acks, all } = run(async ({ partition, offset }) => {
    most = Math.max(most, ++running)
    await turn()
    running--
    written.push(`${partition}/${offset}`)
  })
  const batches = [batchOf([0, 1]), batchOf([2]), batchOf([7], { partition: 1 })]
  await all(...batches)
  assert.deepEqual(
    written.filter(name => name.startsWith('0')),
    ['0/0', '0/1', '0/2'],
  )
  assert.deepEqual([written.length, most], [4, 2])
  assert.deepEqual(new Set(acks.map(({ batch }) => batch)), new Set(batches))
  assert.deepEqual(
    acks.map(({ nextOffset }) => nextOffset),
    [undefined, undefined, undefined],
  )
})

test('a retriable error has the records from that one on tried again, those before it acknowledged and not written twice', async () => {
  const written: number[] = []
  let failures = 0
  const { acks, all } = run(({ offset }) => {
    if (offset === 5 && failures++ < 2) throw busy
    written.push(offset)
  })
  const batch = batchOf([3, 5, 6])
  await all(batch)
  assert.deepEqual(written, [3, 5, 6])
  const tried = [
    { batch, nextOffset: 5 },
    { batch, error: busy },
  ]
  assert.deepEqual(acks, [...tried, ...tried, { batch }])
})

test('a record that cannot be written is reported and passed over, the others are written', async () => {
  const reported: unknown[] = []
  const errantRecords: ErrantRecordReporter = {
    report: async (record, error) => {
      await turn()
      reported.push([record.offset, error])
    },
  }
  const written: number[] = []
  const bug = new Error('no such column')
  const { acks, all } = run(async ({ offset }) => {
    if (offset === 1) throw bug
    written.push(offset)
  })
  const batch = batchOf([0, 1, 2], { errantRecords })
  await all(batch)
  assert.deepEqual([written, reported, acks], [[0, 2], [[1, bug]], [{ batch }]])
})

test('without a reporter, and where nothing is tolerated, such a record ends the stream', async () => {
  const bug = new Error('no such column')
  const fail = (): never => {
    throw bug
  }
  await assert.rejects(run(fail).all(batchOf([0])), bug)
  const strict: ErrantRecordReporter = { report: () => Promise.reject(exceeded) }
  await assert.rejects(run(fail).all(batchOf([0], { errantRecords: strict })), exceeded)
})

test('an error of a partition fails that partition after what was written is acknowledged', async () => {
  const { acks, all } = run(({ partition, offset }) => {
    if (partition === 0 && offset === 1) throw full
  })
  const [bad, good] = [batchOf([0, 1]), batchOf([0], { partition: 1 })]
  await all(bad, good)
  assert.deepEqual(
    acks.filter(({ batch }) => batch === bad),
    [
      { batch: bad, nextOffset: 1 },
      { batch: bad, error: full },
    ],
  )
  assert.deepEqual(acks.at(0)?.error ?? acks.at(-1)?.error, full)
  assert.ok(acks.some(({ batch, error, nextOffset }) => batch === good && error === undefined && nextOffset === undefined))
})

test('after the signal no record is begun, and what was written is acknowledged', async () => {
  const leaving = new AbortController()
  const written: number[] = []
  const { acks, all } = run(async ({ offset }, signal) => {
    if (offset === 1) leaving.abort()
    if (offset === 1 && signal.aborted) written.push(offset)
    else if (offset !== 1) written.push(offset)
  })
  const [begun, waiting] = [batchOf([0, 1, 2], { signal: leaving.signal }), batchOf([3], { signal: leaving.signal })]
  await all(begun, waiting)
  assert.deepEqual(written, [0, 1])
  assert.deepEqual(acks, [
    { batch: begun, nextOffset: 2 },
    { batch: waiting, nextOffset: 3 },
  ])
})

test('an error after the signal counts as not written: nobody is told of the record', async () => {
  const leaving = new AbortController()
  const reported: number[] = []
  const errantRecords: ErrantRecordReporter = { report: async ({ offset }) => void reported.push(offset) }
  const { acks, all } = run(async () => {
    leaving.abort()
    throw new Error('the connection was closed')
  })
  const batch = batchOf([4, 5], { signal: leaving.signal, errantRecords })
  await all(batch)
  assert.deepEqual([acks, reported], [[{ batch, nextOffset: 4 }], []])
})

test('a batch without values is acknowledged as a whole', async () => {
  const { acks, all } = run(() => assert.fail('there is no record'))
  const batch = batchOf([], { firstOffset: 8, lastOffset: 9 })
  await all(batch)
  assert.deepEqual(acks, [{ batch }])
})
