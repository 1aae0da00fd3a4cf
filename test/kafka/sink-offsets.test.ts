import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { deferred } from '../../framework/flow/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { RunningSink, type RunningSinkOptions } from './running-sink.ts'

describe('the offsets of a sink', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'offsets' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  const run = (t: TestContext, topic: string, options: Partial<RunningSinkOptions> = {}): RunningSink => {
    const sink = new RunningSink(kafka, { group: topic, selection: { topics: [topic] }, ...options })
    t.after(() => sink.stop())
    return sink
  }

  /** Each in a batch of its own. */
  const produce = async (topic: string, values: readonly string[], partition = 0): Promise<void> => {
    for (const value of values) await bridge.produce(kafka, topic, [{ partition, value }])
  }

  const committed = async (group: string): Promise<string> =>
    (await bridge.groupOffsets(kafka, group))
      .map(({ partition, offset }) => `${partition}:${offset}`)
      .sort()
      .join(' ')

  const isCommitted = (group: string, offsets: string) =>
    eventually(
      `committed ${offsets}`,
      () => committed(group),
      found => found === offsets,
    )

  test('are committed while it runs, and where they end it goes on after a stop, though others of its batches were not written', async t => {
    await bridge.createTopic(kafka, 'stopped', { partitions: 1 })
    const never = deferred()
    const first = run(t, 'stopped', {
      settings: { maxRecords: 1, gracefulTimeoutMs: 1_000 },
      write: async ({ firstOffset }) => {
        if (firstOffset === 2) await never.promise
      },
    })
    await produce('stopped', ['a', 'b', 'c', 'd'])
    await isCommitted('stopped', '0:2')
    const stopping = performance.now()
    await first.stop()
    assert.ok(performance.now() - stopping < 1_500)
    const second = run(t, 'stopped')
    await second.task.has(2)
    assert.deepEqual(second.values(0), ['c', 'd'])
    await isCommitted('stopped', '0:4')
  })

  test('pass what was aborted and markers of transactions, of which no record arrives; headers arrive as they are', async t => {
    await bridge.createTopic(kafka, 'aborted', { partitions: 1 })
    const headers = [
      ['a', 'one'],
      ['b', null],
      ['a', 'two'],
    ] as const
    await bridge.produce(kafka, 'aborted', [{ partition: 0, key: null, value: 'kept', headers, timestamp: 1_700_000_000_000 }])
    await bridge.produce(kafka, 'aborted', [{ partition: 0, value: 'aborted' }], { transactionalId: 'x', abort: true })
    const sink = run(t, 'aborted')
    await sink.task.has(1)
    await isCommitted('aborted', '0:3')
    const [record] = sink.task.records
    assert.deepEqual(
      {
        ...record,
        value: String(record!.value),
        headers: record!.headers.map(({ key, value }) => [key, value && String(value)]),
      },
      {
        topic: 'aborted',
        partition: 0,
        offset: 0,
        key: null,
        value: 'kept',
        headers: [...headers],
        timestamp: 1_700_000_000_000,
        timestampType: 'CreateTime',
      },
    )
    assert.equal(sink.task.records.length, 1)
  })

  test('where there are none: earliest, latest, or an error that says what to do', async t => {
    await bridge.createTopic(kafka, 'fresh', { partitions: 1 })
    await produce('fresh', ['old'])
    const earliest = run(t, 'fresh', { group: 'fresh-earliest' })
    const latest = run(t, 'fresh', { group: 'fresh-latest', settings: { offsetReset: 'latest' } })
    const none = run(t, 'fresh', { group: 'fresh-none', settings: { offsetReset: 'none' } })
    const error = await none.ended
    assert.equal(error?.code, 'OFFSET_MISSING')
    assert.match(
      error.message,
      /fresh-none has committed no offset in fresh-0, and auto.offset.reset is none: commit one, or choose/,
    )
    await earliest.task.has(1)
    await eventually(
      'opened',
      async () => latest.task.told,
      told => told.length === 1,
    )
    await eventually(
      'caught up',
      async () => latest.partitions.ownedBy('fresh-latest-0')[0]?.state,
      state => state === 'CAUGHT_UP',
    )
    await produce('fresh', ['new'])
    await latest.task.has(1)
    await earliest.task.has(2)
    assert.deepEqual([earliest.values(0), latest.values(0)], [['old', 'new'], ['new']])
  })

  test('below the start of the log are a gap that is counted and told of, and for `none` the end of this partition alone', async t => {
    await bridge.createTopic(kafka, 'gap', { partitions: 2 })
    await produce('gap', ['a', 'b', 'c', 'd'])
    await produce('gap', ['e'], 1)
    for (const group of ['gap', 'gap-none']) {
      await bridge.alterGroupOffsets(kafka, group, [
        { topic: 'gap', partition: 0, offset: 1 },
        { topic: 'gap', partition: 1, offset: 0 },
      ])
    }
    await bridge.deleteRecords(kafka, 'gap', 0, 3)
    const sink = run(t, 'gap')
    await sink.task.has(2)
    assert.deepEqual([sink.values(0), sink.values(1)], [['d'], ['e']])
    const [entry] = sink.partitions.ownedBy('gap-0').filter(({ partition }) => partition.partition === 0)
    assert.deepEqual([entry?.gaps, entry?.gapRecords], [1, 2])
    await sink.logger.awaitLine(/2 records of gap-0, from offset 1 on, are gone from the log: it begins at 3/)
    const strict = run(t, 'gap', { group: 'gap-none', settings: { offsetReset: 'none' } })
    await strict.task.has(1)
    await strict.logger.awaitLine(
      /gap-0 failed, other partitions go on: 2 records of gap-0, from offset 1 on, are gone.*auto.offset.reset is none/,
    )
    assert.deepEqual([strict.values(0), strict.values(1)], [[], ['e']])
    const failed = strict.partitions.ownedBy('gap-none-0').find(({ partition }) => partition.partition === 0)
    assert.equal(failed?.state, 'FAILED')
    await isCommitted('gap-none', '0:1 1:1')
  })

  test('beyond the end of the log are no place to wait: the partition is read again, with a warning', async t => {
    await bridge.createTopic(kafka, 'beyond', { partitions: 1 })
    await produce('beyond', ['a', 'b'])
    await bridge.alterGroupOffsets(kafka, 'beyond', [{ topic: 'beyond', partition: 0, offset: 50 }])
    const sink = run(t, 'beyond')
    await sink.task.has(2)
    assert.deepEqual(sink.values(0), ['a', 'b'])
    await sink.logger.awaitLine(/beyond-0 was cut off below offset 50: it is read again from 0/)
    await isCommitted('beyond', '0:2')
  })

  test('of topics that match a pattern, of those only', async t => {
    for (const topic of ['match-1', 'match-2', 'no-match-1']) await bridge.createTopic(kafka, topic, { partitions: 1 })
    for (const topic of ['match-1', 'match-2', 'no-match-1']) await produce(topic, [topic])
    const sink = run(t, 'match', { selection: { pattern: /^(?:match-\d)$/u } })
    await sink.task.has(2)
    assert.deepEqual(sink.values(0).sort(), ['match-1', 'match-2'])
  })

  test('stand still while it is paused, as a whole or one partition, and go on without loss', async t => {
    await bridge.createTopic(kafka, 'paused', { partitions: 2 })
    const sink = run(t, 'paused')
    await produce('paused', ['a'])
    await sink.task.has(1)
    sink.task.context.pause([{ topic: 'paused', partition: 0 }])
    await produce('paused', ['b'])
    await produce('paused', ['c'], 1)
    await sink.task.has(2)
    assert.deepEqual([sink.values(0), sink.values(1)], [['a'], ['c']])
    sink.host.pause()
    sink.task.context.resume([{ topic: 'paused', partition: 0 }])
    await produce('paused', ['d'], 1)
    await isCommitted('paused', '0:1 1:1')
    assert.equal(sink.task.records.length, 2)
    sink.host.resume()
    await sink.task.has(4)
    assert.deepEqual([sink.values(0), sink.values(1), sink.host.generationId], [['a', 'b'], ['c', 'd'], 1])
  })

  test('are committed after the coordinator came back, and nothing was lost meanwhile', async t => {
    await bridge.createTopic(kafka, 'restart', { partitions: 1 })
    const sink = run(t, 'restart', { settings: { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 } })
    await produce('restart', ['a'])
    await sink.task.has(1)
    const [broker] = kafka.brokers
    await broker!.kill()
    await broker!.start()
    await produce('restart', ['b'])
    await isCommitted('restart', '0:2')
    assert.deepEqual([...new Set(sink.values(0))], ['a', 'b'])
    assert.equal(await Promise.race([sink.ended, Promise.resolve('running')]), 'running')
  })
})
