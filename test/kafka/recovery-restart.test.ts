import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { loadFor } from './load.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

/** Records per second. */
const RATE = 5_000
const PARTITIONS = 4

describe('restarts of the mirror under load', { timeout: 120_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  const start = (topic: string): MirrorProcess =>
    new MirrorProcess({ properties: mirrorProperties(source, target, { 'A->B.topics': topic }) })

  test('stopped by SIGTERM and started again, nothing is copied twice and nothing is missed', async t => {
    const topic = 'restarted'
    await bridge.createTopic(source, topic, { partitions: PARTITIONS })
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: RATE, codec: 'lz4' })
    let mirror = start(topic)
    t.after(() => mirror.kill())
    let copied = 0
    for (let round = 0; round < 3; round++) {
      await mirror.awaitState('RUNNING')
      copied = await bridge.awaitRecords(target, `A.${topic}`, copied + RATE)
      const before = performance.now()
      const exit = await mirror.terminate()
      assert.deepEqual(exit, { code: 0, signal: null })
      assert.ok(performance.now() - before < 5_500, 'within task.shutdown.graceful.timeout.ms')
      mirror = start(topic)
    }
    const { sent, failed } = await load.stop()
    const comparison = await settled(bridge, source, target, topic)
    assert.deepEqual([comparison.source, failed], [sent, 0])
    assert.ok(comparison.equal, JSON.stringify(comparison))
  })

  test('killed under 5,000 records a second, nothing is missed, and what came in a flush interval of a second and until it was stored comes twice at most', async t => {
    const topic = 'killed'
    await bridge.createTopic(source, topic, { partitions: PARTITIONS })
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: RATE, codec: 'lz4' })
    let mirror = start(topic)
    t.after(() => mirror.kill())
    const kills = 3
    for (let round = 0; round < kills; round++) {
      await bridge.awaitRecords(target, `A.${topic}`, 1)
      await settled(bridge, source, target, topic)
      await sleep(1_000 + Math.random() * 1_000)
      assert.equal((await mirror.kill()).signal, 'SIGKILL')
      mirror = start(topic)
    }
    const { sent, failed } = await load.stop()
    const comparison = await settled(bridge, source, target, topic)
    t.diagnostic(`of ${comparison.source} records ${comparison.duplicated} twice, after ${kills} kills`)
    assert.deepEqual([comparison.source, failed], [sent, 0])
    assert.deepEqual([comparison.missing, comparison.reordered, comparison.unexpected], [0, 0, 0], JSON.stringify(comparison))
    assert.ok(comparison.duplicated <= kills * 3 * RATE, JSON.stringify(comparison))
  })
})
