import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { MemoryOffsetStore } from '../../framework/storage/memory-offset-store.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster, truncateLog } from '../kafka-tool/index.ts'
import { lossLines, numbered } from './losses.ts'
import { type Mirror, startMirror } from './mirror-harness.ts'
import { settled } from './settled.ts'

describe('a log that was cut off below what had been copied', { timeout: 120_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  const mirrorOf = async (t: TestContext, topic: string, offsetStore: MemoryOffsetStore): Promise<Mirror> => {
    const mirror = await startMirror({ source, target, offsetStore, properties: { 'A->B.topics': topic } })
    t.after(() => mirror.stop())
    return mirror
  }

  /** 100 records in each of three partitions, each record a batch of its own; all of them copied. */
  const copied = async (t: TestContext, topic: string, offsetStore: MemoryOffsetStore): Promise<Mirror> => {
    await bridge.createTopic(source, topic, { partitions: 3 })
    await bridge.produce(source, topic, numbered(3, 100), { batchBytes: 0 })
    const mirror = await mirrorOf(t, topic, offsetStore)
    await bridge.awaitRecords(target, `A.${topic}`, 300)
    return mirror
  }

  /** Partition 0 loses 40 records and gets 20 others, partition 1 loses 40 and gets 100 others. */
  const cutAndRefill = async (topic: string): Promise<void> => {
    const [broker] = source.brokers
    await broker!.kill()
    for (const partition of [0, 1]) assert.equal(truncateLog(broker!, topic, partition, 60), 60)
    await broker!.start()
    const others = [...numbered(1, 20, 0, 'other'), ...numbered(2, 100, 0, 'other').filter(({ partition }) => partition === 1)]
    await bridge.produce(source, topic, others, { batchBytes: 0 })
  }

  const assertCopiedAgain = async (mirror: Mirror, topic: string, resumeOffset = 60): Promise<void> => {
    await bridge.produce(source, topic, [{ partition: 2, value: 'last' }])
    const comparison = await settled(bridge, source, target, topic)
    assert.deepEqual([comparison.missing, comparison.reordered, comparison.altered], [0, 0, 0], JSON.stringify(comparison))
    assert.deepEqual([comparison.duplicated, comparison.unexpected], [2 * (60 - resumeOffset), 80])
    const loss = { code: 'SOURCE_TRUNCATED', records: 100 - resumeOffset, position: 100, resumeOffset }
    assert.deepEqual(lossLines(mirror.log), [
      { ...loss, partition: 0 },
      { ...loss, partition: 1 },
    ])
  }

  test('while the mirror runs: what took the place of the lost records is copied', async t => {
    const topic = 'cut-running'
    const mirror = await copied(t, topic, new MemoryOffsetStore())
    await cutAndRefill(topic)
    await assertCopiedAgain(mirror, topic)
  })

  test('while the mirror is stopped: what took the place of the lost records is copied, and once', async t => {
    const topic = 'cut-stopped'
    const offsetStore = new MemoryOffsetStore()
    await (await copied(t, topic, offsetStore)).stop()
    await cutAndRefill(topic)
    const mirror = await mirrorOf(t, topic, offsetStore)
    await assertCopiedAgain(mirror, topic)
    await mirror.stop()
    const next = await mirrorOf(t, topic, offsetStore)
    await bridge.produce(source, topic, numbered(3, 1, 1_000))
    const comparison = await settled(bridge, source, target, topic)
    assert.deepEqual([comparison.missing, comparison.duplicated], [0, 0])
    assert.deepEqual(lossLines(next.log), [], 'a truncation is counted once')
  })
})
