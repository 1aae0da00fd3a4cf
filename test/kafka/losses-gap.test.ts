import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MemoryOffsetStore } from '../../framework/storage/memory-offset-store.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { gapOf, lossLines, numbered, partitionsOf } from './losses.ts'
import { startMirror } from './mirror-harness.ts'
import { settled } from './settled.ts'

describe('records that retention took before they were copied', { timeout: 120_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  const copiedAndStopped = async (topic: string, offsetStore: MemoryOffsetStore): Promise<void> => {
    await bridge.createTopic(source, topic, { partitions: 3 })
    await bridge.produce(source, topic, numbered(3, 100))
    const mirror = await startMirror({ source, target, offsetStore, properties: { 'A->B.topics': topic } })
    await bridge.awaitRecords(target, `A.${topic}`, 300)
    await mirror.stop()
    await bridge.produce(source, topic, numbered(3, 50, 100))
    await bridge.deleteRecords(source, topic, 0, 130)
    await bridge.deleteRecords(source, topic, 1, -1)
  }

  test('while the mirror was stopped: the rest is copied, each gap is counted and said aloud', async t => {
    const topic = 'gap-stopped'
    const offsetStore = new MemoryOffsetStore()
    await copiedAndStopped(topic, offsetStore)
    let mirror = await startMirror({ source, target, offsetStore, properties: { 'A->B.topics': topic } })
    t.after(() => mirror.stop())
    await bridge.produce(source, topic, numbered(3, 10, 150))
    const comparison = await settled(bridge, source, target, topic)
    assert.deepEqual([comparison.missing, comparison.duplicated, comparison.reordered], [0, 0, 0])
    await mirror.awaitStatus('gaps counted', entries => gapOf(entries, topic, 1) === 50)
    const entries = partitionsOf(mirror.status())
    assert.deepEqual(
      [0, 1, 2].map(partition => gapOf(entries, topic, partition)),
      [30, 50, 0],
    )
    assert.deepEqual(lossLines(mirror.log), [
      { code: 'SOURCE_GAP', partition: 0, records: 30, fromOffset: 100, toOffset: 130 },
      { code: 'SOURCE_GAP', partition: 1, records: 50, fromOffset: 100, toOffset: 150 },
    ])
    await mirror.stop()
    mirror = await startMirror({ source, target, offsetStore, properties: { 'A->B.topics': topic } })
    await bridge.produce(source, topic, numbered(3, 10, 160))
    assert.equal((await settled(bridge, source, target, topic)).missing, 0)
    assert.deepEqual(lossLines(mirror.log), [], 'a gap is counted once')
  })

  test('isthmus.source.gap = fail stops the partitions with a gap and no other', async t => {
    const topic = 'gap-fail'
    const offsetStore = new MemoryOffsetStore()
    await copiedAndStopped(topic, offsetStore)
    const properties = { 'A->B.topics': topic, 'isthmus.source.gap': 'fail' }
    for (const attempt of [1, 2]) {
      const mirror = await startMirror({ source, target, offsetStore, properties })
      t.after(() => mirror.stop())
      for (const partition of [0, 1]) {
        const { status } = await mirror.awaitFailed(topic, partition)
        assert.match(status.cause!, /gap-fail-\d on A: offsets 100 to \d+ .*isthmus\.source\.gap = fail/)
      }
      await bridge.produce(source, topic, [{ partition: 2, value: `attempt ${attempt}` }])
      await mirror.awaitStatus('partition 2 goes on', entries => entries[2]!.records > 0 && entries[2]!.state === 'CAUGHT_UP')
      assert.equal(lossLines(mirror.log).length, 2)
      await mirror.stop()
    }
    const copied = await bridge.dump(target, `A.${topic}`)
    assert.deepEqual(
      [0, 1, 2].map(partition => copied.filter(record => record.partition === partition).length),
      [100, 100, 152],
    )
  })

  test('while the target was down: what was copied and what was counted are together what was written', async t => {
    const topic = 'gap-running'
    const partitions = 2
    await bridge.createTopic(source, topic, { partitions })
    const mirror = await startMirror({ source, target, properties: { 'A->B.topics': topic, 'isthmus.window.bytes': '4194304' } })
    t.after(() => mirror.stop())
    await bridge.createTopic(target, 'ready')
    await target.brokers[0]!.kill()
    const load = await bridge.startLoad(source, topic, { partitions, rate: 0, count: 60_000 })
    const { acknowledged } = await load.done
    for (const [partition, written] of acknowledged.entries()) {
      await bridge.deleteRecords(source, topic, partition, written - 100)
    }
    await target.brokers[0]!.start()
    assert.equal((await settled(bridge, source, target, topic)).missing, 0)
    await mirror.awaitStatus('caught up', entries => entries.every(entry => entry.lagRecords === 0))
    const ends = await bridge.offsets(target, `A.${topic}`)
    const entries = partitionsOf(mirror.status())
    for (const [partition, written] of acknowledged.entries()) {
      const gap = gapOf(entries, topic, partition)
      assert.ok(gap > 0)
      assert.equal(ends[partition]!.latest + gap, written)
    }
  })
})
