import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { deferred } from '../../framework/flow/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { RunningSink, type RunningSinkOptions } from './running-sink.ts'

describe('a sink in a rebalance', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'rebalance' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  const run = (t: TestContext, options: RunningSinkOptions): RunningSink => {
    const sink = new RunningSink(kafka, options)
    t.after(() => sink.stop())
    return sink
  }

  const committed = async (group: string): Promise<string[]> =>
    (await bridge.groupOffsets(kafka, group)).map(({ partition, offset }) => `${partition} at ${offset}`).sort()

  test('shares its group with a Java consumer: under load each record is written by exactly one of them, there and back', async t => {
    const topic = 'java'
    await bridge.createTopic(kafka, topic, { partitions: 4 })
    const sink = run(t, { group: 'java', selection: { topics: [topic] }, settings: { maxRecords: 20 }, write: () => sleep(5) })
    const load = await bridge.startLoad(kafka, topic, { partitions: 4, rate: 1_000 })
    await sink.task.has(500)
    const java = bridge.consume(kafka, { group: 'java', topics: [topic] })
    t.after(() => java.stop())
    await java.awaitRecords(1_000)
    await java.stop()
    const before = sink.task.records.length
    await sink.task.has(before + 1_000)
    const { acknowledged } = await load.stop()
    const total = acknowledged.reduce((sum, count) => sum + count)
    await sink.task.has(total - java.records.length)
    const all = [...sink.task.records, ...java.records].map(({ partition, offset }) => `${partition}/${offset}`)
    t.diagnostic(`${total} records, ${java.records.length} by Java; ${sink.task.told.join(', ')}`)
    assert.equal(new Set(all).size, total)
    assert.equal(all.length, total, 'none twice')
    assert.deepEqual(sink.task.told.slice(0, 2), ['open 0 1 2 3', 'revoked 0 1 2 3'])
  })

  test('finishes and commits what it has begun, and begins nothing more, before the partition moves', async t => {
    const topic = 'begun'
    await bridge.createTopic(kafka, topic, { partitions: 2 })
    const begun = deferred()
    const finish = deferred()
    const selection = { topics: [topic] }
    const first = run(t, {
      group: 'begun',
      selection,
      settings: { maxRecords: 1, commitIntervalMs: 60_000 },
      write: async () => {
        begun.resolve()
        await finish.promise
      },
    })
    for (const value of ['a', 'b', 'c'])
      await bridge.produce(
        kafka,
        topic,
        [0, 1].map(partition => ({ partition, value })),
      )
    await begun.promise
    await eventually(
      'all delivered',
      async () => first.task.batches.length,
      count => count === 2,
    )
    const second = run(t, { group: 'begun', selection })
    const draining = first.task.batches[0]!.signal
    if (!draining.aborted) await once(draining, 'abort')
    assert.deepEqual(second.task.told, [])
    finish.resolve()
    await eventually(
      'moved',
      async () => second.task.told.length,
      count => count === 1,
    )
    await second.task.has(2)
    assert.deepEqual(first.task.told.slice(0, 2), ['open 0 1', 'revoked 0 1'])
    await eventually(
      'all written',
      async () => first.task.records.length + second.task.records.length,
      count => count === 6,
    )
    const all = [...first.task.records, ...second.task.records].map(({ partition, offset }) => `${partition}/${offset}`)
    assert.deepEqual(all.sort(), ['0/0', '0/1', '0/2', '1/0', '1/1', '1/2'])
  })

  test('among cooperative members keeps what does not move: no batch of it is delivered again, no other partition closed', async t => {
    const topic = 'cooperative'
    await bridge.createTopic(kafka, topic, { partitions: 4 })
    const options = {
      group: 'cooperative',
      selection: { topics: [topic] },
      settings: { assignors: ['cooperative-sticky'], commitIntervalMs: 5 },
    } as const
    const first = run(t, options)
    const load = await bridge.startLoad(kafka, topic, { partitions: 4, rate: 500 })
    await first.task.has(200)
    const second = run(t, options)
    await second.task.has(200)
    await first.stop()
    const { acknowledged } = await load.stop()
    const total = acknowledged.reduce((sum, count) => sum + count)
    await eventually(
      'all written',
      async () => first.task.records.length + second.task.records.length,
      count => count >= total,
    )
    const all = [...first.task.records, ...second.task.records].map(({ partition, offset }) => `${partition}/${offset}`)
    assert.equal(new Set(all).size, total)
    assert.equal(all.length, total)
    assert.deepEqual(first.task.told, ['open 0 1 2 3', 'revoked 2 3', 'stopped 0 1', 'stop'])
    assert.deepEqual(second.task.told, ['open 2 3', 'open 0 1'])
  })

  test('that was thought dead is told that its partitions are lost, commits nothing of them, and begins again from what was committed', async t => {
    const topic = 'lost'
    await bridge.createTopic(kafka, topic, { partitions: 1 })
    const finish = deferred()
    let isFirst = true
    const sink = run(t, {
      group: 'lost',
      selection: { topics: [topic] },
      settings: { sessionTimeoutMs: 1_000, heartbeatIntervalMs: 100 },
      write: async () => {
        if (!isFirst) return
        isFirst = false
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000)
        await finish.promise
      },
    })
    await bridge.produce(kafka, topic, [{ value: 'a' }])
    await eventually(
      'opened again',
      async () => sink.task.told.length,
      count => count === 3,
    )
    finish.resolve()
    await sink.task.has(2)
    assert.deepEqual(sink.task.told, ['open 0', 'lost 0', 'open 0'])
    await eventually(
      'committed',
      () => committed('lost'),
      offsets => offsets.length === 1,
    )
    assert.deepEqual(await committed('lost'), ['0 at 1'])
    assert.deepEqual(sink.values(0), ['a', 'a'])
  })
})
