import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectError } from '../../framework/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { RunningSink } from './running-sink.ts'

const KB = 1024

describe('a slow sink', { timeout: 120_000 }, () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'slow' }), startBridge()])
  })
  after(() => Promise.all([kafka?.stop(), bridge?.close()]))

  test('ten times slower than its source: memory stays within the window, no rebalance, nothing delivered twice', async t => {
    const topic = 'slow'
    await bridge.createTopic(kafka, topic, { partitions: 4 })
    const windowBytes = 512 * KB
    let max = 0
    const sink = new RunningSink(kafka, {
      group: 'slow',
      selection: { topics: [topic] },
      settings: { windowBytes, batchBytes: 64 * KB, maxRecords: 50 },
      write: async batch => {
        max = Math.max(max, sink.host.usedBytes)
        await sleep(batch.count * 12)
      },
    })
    t.after(() => sink.stop())
    await eventually(
      'a member',
      async () => sink.host.generationId,
      generation => generation > 0,
    )
    const { generationId } = sink.host
    const load = await bridge.startLoad(kafka, topic, { partitions: 4, rate: 5_000 })
    await sleep(6_000)
    const acknowledged = (await load.stop()).acknowledged.reduce((sum, count) => sum + count)
    const written = sink.task.records.length
    t.diagnostic(`produced ${acknowledged}, written meanwhile ${written}, at most ${max} bytes held`)
    assert.ok(written * 10 < acknowledged, `${written} of ${acknowledged}`)
    assert.ok(written > 200)
    assert.ok(max > windowBytes / 2, 'the window was put to use')
    assert.ok(max <= 1.25 * windowBytes)
    assert.equal(sink.host.generationId, generationId)
    const seen = new Set(sink.task.records.map(({ partition, offset }) => `${partition}/${offset}`))
    assert.equal(seen.size, sink.task.records.length)
    assert.equal(Math.max(...sink.task.batches.map(({ deliveries }) => deliveries)), 1)
    assert.deepEqual(sink.task.told, ['open 0 1 2 3'])
  })

  test('that takes longer for a batch than its session and its rebalance timeout keeps its place', async t => {
    await bridge.createTopic(kafka, 'long', { partitions: 1 })
    const sink = new RunningSink(kafka, {
      group: 'long',
      selection: { topics: ['long'] },
      settings: { sessionTimeoutMs: 1_500, rebalanceTimeoutMs: 2_000 },
      write: () => sleep(4_000),
    })
    t.after(() => sink.stop())
    await bridge.produce(kafka, 'long', [{ value: 'a' }])
    await sink.task.has(1)
    assert.deepEqual([sink.task.told, sink.host.generationId, sink.task.batches.length], [['open 0'], 1, 1])
  })

  test('that fails twice, retriably, is given the same batch three times, in order, and keeps its place', async t => {
    await bridge.createTopic(kafka, 'twice', { partitions: 2 })
    let failures = 0
    const sink = new RunningSink(kafka, {
      group: 'twice',
      selection: { topics: ['twice'] },
      write: async ({ partition }) => {
        if (partition === 0 && failures++ < 2)
          throw new ConnectError('BUSY', 'come back later', { kind: 'retriable', stage: 'deliver' })
      },
    })
    t.after(() => sink.stop())
    await bridge.produce(kafka, 'twice', [{ partition: 0, value: 'a' }])
    await sink.task.has(1)
    await bridge.produce(kafka, 'twice', [
      { partition: 0, value: 'b' },
      { partition: 1, value: 'c' },
    ])
    await sink.task.has(3)
    const [first, second, third] = sink.task.batches
    assert.ok(first === second && second === third)
    assert.deepEqual([sink.values(0), sink.values(1)], [['a', 'b'], ['c']])
    assert.deepEqual([sink.task.told, sink.host.generationId], [['open 0 1'], 1])
    const warnings = sink.logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
    assert.deepEqual(warnings, ['Task twice-0 tries the batch twice-0 0…0 again: come back later'])
  })
})
