import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { loadFor } from './load.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

const PARTITIONS = 4

describe('the only broker of a cluster is lost for a while, under load', { timeout: 180_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  /** Its place in the group outlives a broker's restart if `sessionTimeoutMs` does. */
  const start = async (t: TestContext, topic: string, sessionTimeoutMs = 30_000): Promise<MirrorProcess> => {
    await bridge.createTopic(source, topic, { partitions: PARTITIONS })
    const more = { 'A->B.topics': topic, 'B.session.timeout.ms': String(sessionTimeoutMs) }
    const mirror = new MirrorProcess({ properties: mirrorProperties(source, target, more) })
    t.after(() => mirror.kill())
    await mirror.awaitState('RUNNING')
    return mirror
  }

  const assertAllOnce = async (topic: string, written: number): Promise<void> => {
    const comparison = await settled(bridge, source, target, topic)
    assert.equal(comparison.source, written)
    assert.ok(comparison.equal, JSON.stringify(comparison))
  }

  test('the source’s: all that was written is copied, once and in order', async t => {
    const topic = 'source-lost'
    const mirror = await start(t, topic)
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: 2_000, codec: 'lz4' })
    for (let copied = 0, round = 0; round < 2; round++) {
      copied = await bridge.awaitRecords(target, `A.${topic}`, copied + 2_000)
      await source.brokers[0]!.kill()
      await sleep(1_000)
      await source.brokers[0]!.start()
    }
    const { acknowledged, failed } = await load.stop()
    assert.equal(failed, 0)
    await assertAllOnce(
      topic,
      acknowledged.reduce((sum, n) => sum + n),
    )
    assert.equal((await mirror.terminate()).code, 0)
    assert.deepEqual(
      mirror.lines.filter(({ level }) => level === 'error'),
      [],
    )
  })

  test('the target’s: all that was written is copied, once and in order', async t => {
    const topic = 'target-lost'
    const mirror = await start(t, topic)
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: 2_000, codec: 'lz4' })
    for (let copied = 0, round = 0; round < 2; round++) {
      copied = await bridge.awaitRecords(target, `A.${topic}`, copied + 2_000)
      await target.brokers[0]!.kill()
      await sleep(1_000)
      await target.brokers[0]!.start()
    }
    const { sent, failed } = await load.stop()
    assert.equal(failed, 0)
    await assertAllOnce(topic, sent)
    assert.equal((await mirror.terminate()).code, 0)
    assert.deepEqual(
      mirror.lines.filter(({ level }) => level === 'error'),
      [],
    )
  })

  test('the target’s, for longer than window and group membership last: memory stays small, copying goes on by itself', async t => {
    const topic = 'target-long-lost'
    const rate = 20_000
    const mirror = await start(t, topic, 3_000)
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate, compressible: false })
    await bridge.awaitRecords(target, `A.${topic}`, rate / 2)
    await target.brokers[0]!.kill()
    await sleep(8_000)
    await target.brokers[0]!.start()
    const { sent, failed } = await load.stop()
    const comparison = await settled(bridge, source, target, topic)
    const peakMb = Math.round(mirror.peakRssMb())
    t.diagnostic(`${sent} records of 1 KB, ${comparison.duplicated} of them twice, a peak of ${peakMb} MB`)
    assert.deepEqual([comparison.source, failed], [sent, 0])
    assert.deepEqual([comparison.missing, comparison.reordered, comparison.unexpected], [0, 0, 0], JSON.stringify(comparison))
    assert.ok(
      comparison.duplicated <= 3 * rate,
      'membership was lost, so the last stored offsets count: they are stored each second',
    )
    assert.ok(peakMb < 256, `${peakMb} MB`)
  })
})
