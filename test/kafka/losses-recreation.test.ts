import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { MemoryOffsetStore } from '../../framework/storage/memory-offset-store.ts'
import type { OffsetStore } from '../../framework/storage/offset-store.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { entryOf, gapOf, lossLines, numbered, partitionsOf } from './losses.ts'
import { type Mirror, startMirror } from './mirror-harness.ts'
import { settled } from './settled.ts'

/** Stores what MirrorMaker 2 does: the offset and nothing else. */
const plainOffsets = (store: OffsetStore): OffsetStore => ({
  load: partitions => store.load(partitions),
  save: (entries, signal) =>
    store.save(
      entries.map(([partition, offset]) => [partition, { offset: offset.offset ?? null }] as const),
      signal,
    ),
})

describe('a topic deleted and created again', { timeout: 120_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(() => Promise.all([source?.stop(), target?.stop(), bridge?.close()]))

  const mirrorOf = async (t: TestContext, topic: string, offsetStore: OffsetStore): Promise<Mirror> => {
    const mirror = await startMirror({ source, target, offsetStore, properties: { 'A->B.topics': topic } })
    t.after(() => mirror.stop())
    return mirror
  }

  /** 100 records in each of two partitions, all of them copied. */
  const copied = async (t: TestContext, topic: string, offsetStore: OffsetStore): Promise<Mirror> => {
    await bridge.createTopic(source, topic, { partitions: 2 })
    await bridge.produce(source, topic, numbered(2, 100))
    const mirror = await mirrorOf(t, topic, offsetStore)
    await bridge.awaitRecords(target, `A.${topic}`, 200)
    await mirror.awaitStatus('caught up', entries => entries.every(({ state }) => state === 'CAUGHT_UP'))
    return mirror
  }

  const recreate = async (topic: string, records: number): Promise<void> => {
    await bridge.deleteTopic(source, topic)
    await bridge.createTopic(source, topic, { partitions: 2 })
    await bridge.produce(source, topic, numbered(2, records, 0, 'of the new topic'))
  }

  const assertCopied = async (mirror: Mirror, topic: string): Promise<void> => {
    const comparison = await settled(bridge, source, target, topic)
    assert.deepEqual(
      [comparison.missing, comparison.duplicated, comparison.reordered, comparison.unexpected],
      [0, 0, 0, 200],
      JSON.stringify(comparison),
    )
    const loss = { code: 'SOURCE_RECREATED', position: 100, unread: 0 }
    const lines = lossLines(mirror.log).map(({ oldTopicId, newTopicId, ...line }) => {
      assert.notEqual(oldTopicId, newTopicId)
      return line
    })
    assert.deepEqual(lines, [
      { ...loss, partition: 0 },
      { ...loss, partition: 1 },
    ])
    const entry = entryOf(partitionsOf(mirror.status()), topic, 0)
    assert.deepEqual([entry?.recreations, entry?.gapRecords], [1, 0])
  }

  for (const [what, records] of [
    ['fewer', 50],
    ['as many', 100],
    ['more', 150],
  ] as const) {
    test(`with ${what} records while the mirror runs: all of the new topic is copied`, async t => {
      const topic = `recreated-running-${records}`
      const mirror = await copied(t, topic, new MemoryOffsetStore())
      await recreate(topic, records)
      await assertCopied(mirror, topic)
    })

    test(`with ${what} records while the mirror is stopped: all of the new topic is copied, and once`, async t => {
      const topic = `recreated-stopped-${records}`
      const offsetStore = new MemoryOffsetStore()
      await (await copied(t, topic, offsetStore)).stop()
      await recreate(topic, records)
      const mirror = await mirrorOf(t, topic, offsetStore)
      await assertCopied(mirror, topic)
      await mirror.stop()
      const next = await mirrorOf(t, topic, offsetStore)
      await bridge.produce(source, topic, numbered(2, 1, 1_000))
      const comparison = await settled(bridge, source, target, topic)
      assert.deepEqual([comparison.missing, comparison.duplicated], [0, 0])
      assert.deepEqual(lossLines(next.log), [], 'a recreation is counted once')
    })
  }

  test('with fewer records than MirrorMaker 2 had copied when it stopped: all of the new topic is copied', async t => {
    const topic = 'recreated-after-mirrormaker'
    const offsetStore = plainOffsets(new MemoryOffsetStore())
    await (await copied(t, topic, offsetStore)).stop()
    await recreate(topic, 50)
    const mirror = await mirrorOf(t, topic, offsetStore)
    const comparison = await settled(bridge, source, target, topic)
    assert.deepEqual([comparison.missing, comparison.duplicated, comparison.reordered], [0, 0, 0], JSON.stringify(comparison))
    assert.deepEqual(
      lossLines(mirror.log).map(line => ({ ...line })),
      [0, 1].map(partition => ({ code: 'SOURCE_TRUNCATED', partition, records: 100, position: 100, resumeOffset: 0 })),
    )
  })

  test('before all of the old one was copied: the records left are counted', async t => {
    const topic = 'recreated-uncopied'
    const written = 4_000
    await bridge.createTopic(source, topic)
    await bridge.createTopic(target, `A.${topic}`)
    const properties = { 'A->B.topics': topic, 'isthmus.window.bytes': '4194304' }
    const mirror = await startMirror({ source, target, properties })
    t.after(() => mirror.stop())
    await mirror.awaitStatus('caught up', entries => entryOf(entries, topic, 0)?.state === 'CAUGHT_UP')
    const { pid } = target.brokers[0]!
    process.kill(pid!, 'SIGSTOP')
    try {
      const values = Array.from({ length: written }, (_, i) => ({ value: `${i} `.padEnd(5_000, 'x') }))
      await bridge.produce(source, topic, values, { transactionalId: topic })
      const lag = async (): Promise<number | undefined> => entryOf(partitionsOf(mirror.status()), topic, 0)?.lagRecords
      await eventually('the end of the old topic is known', lag, records => records === written + 1)
      await bridge.deleteTopic(source, topic)
      await bridge.createTopic(source, topic)
      await bridge.produce(source, topic, numbered(1, 20))
    } finally {
      process.kill(pid!, 'SIGCONT')
    }
    assert.equal((await settled(bridge, source, target, topic)).missing, 0)
    const [copied] = await bridge.offsets(target, `A.${topic}`)
    const left = gapOf(partitionsOf(mirror.status()), topic, 0)
    const control = 1
    assert.ok(left > 0)
    assert.equal(copied!.latest + left, written + control + 20)
  })
})
