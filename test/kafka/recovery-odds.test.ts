import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { loadFor } from './load.ts'
import { numbered } from './losses.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

describe('a mirror with something against it', { timeout: 180_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  const start = async (t: TestContext, topic: string): Promise<MirrorProcess> => {
    const mirror = new MirrorProcess({ properties: mirrorProperties(source, target, { 'A->B.topics': topic }) })
    t.after(() => mirror.kill())
    await mirror.awaitState('RUNNING')
    return mirror
  }

  for (const [side, clusterOf] of [
    ['source', () => source],
    ['target', () => target],
  ] as const) {
    test(`stopped while the ${side} is down, it ends in time; what is left the next one copies`, async t => {
      const topic = `${side}-down`
      await bridge.createTopic(source, topic, { partitions: 2 })
      const mirror = await start(t, topic)
      const load = await loadFor(t, bridge, source, topic, { partitions: 2, rate: 2_000 })
      await bridge.awaitRecords(target, `A.${topic}`, 5_000)
      await clusterOf().brokers[0]!.kill()
      await sleep(500)
      const before = performance.now()
      assert.equal((await mirror.terminate()).code, 0)
      assert.ok(performance.now() - before < 5_500, 'within task.shutdown.graceful.timeout.ms')
      await clusterOf().brokers[0]!.start()
      await start(t, topic)
      const { acknowledged } = await load.stop()
      const comparison = await settled(bridge, source, target, topic)
      assert.equal(
        comparison.source,
        acknowledged.reduce((sum, n) => sum + n),
      )
      assert.deepEqual([comparison.missing, comparison.reordered, comparison.unexpected], [0, 0, 0], JSON.stringify(comparison))
    })
  }

  test('a copy that somebody deletes is created again at the next refresh, and filled with what comes', async t => {
    const topic = 'copy-deleted'
    await bridge.createTopic(source, topic, { partitions: 2 })
    await bridge.produce(source, topic, numbered(2, 10))
    const mirror = await start(t, topic)
    await bridge.awaitRecords(target, `A.${topic}`, 20)
    await bridge.deleteTopic(target, `A.${topic}`)
    await bridge.produce(source, topic, numbered(2, 10, 10))
    assert.equal(await bridge.awaitRecords(target, `A.${topic}`, 20), 20)
    assert.equal((await mirror.terminate()).code, 0)
  })

  test('killed amid transactions, it copies what was committed, all of it, and nothing that was aborted', async t => {
    const topic = 'transactions'
    await bridge.createTopic(source, topic, { partitions: 3 })
    let mirror = await start(t, topic)
    let isWritten = false
    const write = async (): Promise<void> => {
      for (let seed = 1; seed <= 4; seed++) {
        const transactions = { producers: 4, transactions: 150, recordsPerTransaction: 40, abortRatio: 0.5, seed }
        await bridge.writeTransactions(source, topic, { partitions: 3, codec: 'lz4', batchBytes: 4_000, ...transactions })
      }
      isWritten = true
    }
    const written = write()
    await bridge.awaitRecords(target, `A.${topic}`, 500)
    for (let kills = 0; kills < 3 || !isWritten; kills++) {
      await sleep(300 + Math.random() * 1_000)
      await mirror.kill()
      mirror = await start(t, topic)
    }
    await written
    const comparison = await settled(bridge, source, target, topic)
    const { missing, reordered, unexpected, altered } = comparison
    assert.deepEqual({ missing, reordered, unexpected, altered }, { missing: 0, reordered: 0, unexpected: 0, altered: 0 })
  })
})
