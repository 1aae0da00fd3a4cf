import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type Comparison, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { loadFor } from './load.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

/** Records per second. */
const RATE = 5_000
const PARTITIONS = 4

describe('a process that stands by takes over, under load', { timeout: 120_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  const startIn = async (t: TestContext, topic: string, state: 'RUNNING' | 'STANDBY'): Promise<MirrorProcess> => {
    const mirror = new MirrorProcess({ properties: mirrorProperties(source, target, { 'A->B.topics': topic }) })
    t.after(() => mirror.kill())
    await mirror.awaitState(state)
    return mirror
  }

  /** Runs `change` while the first of two processes copies, and waits until the second has taken over. */
  const takenOver = async (
    t: TestContext,
    topic: string,
    change: (first: MirrorProcess, second: MirrorProcess) => Promise<void>,
  ): Promise<Comparison> => {
    await bridge.createTopic(source, topic, { partitions: PARTITIONS })
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: RATE, codec: 'lz4' })
    const first = await startIn(t, topic, 'RUNNING')
    const second = await startIn(t, topic, 'STANDBY')
    await bridge.awaitRecords(target, `A.${topic}`, 2 * RATE)
    await settled(bridge, source, target, topic)
    await change(first, second)
    await second.awaitState('RUNNING')
    await sleep(1_500)
    const { sent, failed } = await load.stop()
    const comparison = await settled(bridge, source, target, topic)
    t.diagnostic(`of ${comparison.source} records ${comparison.duplicated} twice`)
    assert.deepEqual([comparison.source, failed], [sent, 0])
    assert.deepEqual([comparison.missing, comparison.reordered, comparison.unexpected], [0, 0, 0], JSON.stringify(comparison))
    return comparison
  }

  test('from one that is stopped, at once: nothing comes twice', async t => {
    const comparison = await takenOver(t, 'from-stopped', async (first, second) => {
      assert.equal((await first.terminate()).code, 0)
      const left = performance.now()
      await second.awaitState('RUNNING')
      assert.ok(performance.now() - left < 2_000, 'without waiting for the session to end')
    })
    assert.equal(comparison.duplicated, 0)
  })

  test('from one that is killed: what came in a flush interval of a second and until it was stored, comes twice at most', async t => {
    const comparison = await takenOver(t, 'from-killed', async first => {
      await first.kill()
    })
    assert.ok(comparison.duplicated <= 3 * RATE, JSON.stringify(comparison))
  })

  test('from one that was frozen and wakes up later: it does not meddle', async t => {
    const comparison = await takenOver(t, 'from-frozen', async (first, second) => {
      process.kill(first.pid, 'SIGSTOP')
      await second.awaitState('RUNNING')
      await bridge.awaitRecords(target, 'A.from-frozen', 2 * RATE)
      process.kill(first.pid, 'SIGCONT')
      await first.waitFor('stand-by', line => line.state === 'STANDBY')
    })
    assert.ok(comparison.duplicated <= 3 * RATE, JSON.stringify(comparison))
  })
})
