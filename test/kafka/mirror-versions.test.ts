import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { startMirror } from './dedicated-mirror.ts'

/** A broker under load may be slow to learn of a topic that has just been created, and that it leads it. */
const NOT_YET_KNOWN = /failed, trying again: topic \S+ does not exist|makes no progress: producing to \S+: NOT_LEADER_OR_FOLLOWER/

describe('clusters of different versions', { concurrency: false }, () => {
  let older: KafkaCluster
  let newer: KafkaCluster
  let bridge: Bridge
  before(async () => {
    const starting = [startCluster({ name: 'a', version: '3.9.1' }), startCluster({ name: 'b' }), startBridge()] as const
    ;[older, newer, bridge] = await Promise.all(starting)
  })
  after(async () => {
    await Promise.all([bridge?.close(), older?.stop(), newer?.stop()])
  })

  const directions = [
    ['from 3.9 to 4.2', (): Pair => [older, newer]],
    ['from 4.2 to 3.9', (): Pair => [newer, older]],
  ] as const
  for (const [direction, clusters] of directions) {
    test(`${direction}: every shape, transactions, settings, new partitions, and no record twice after a restart`, async t => {
      const [source, target] = clusters()
      const properties = { 'A->B.topics': 'topic-.*', 'refresh.topics.interval.seconds': '1' }
      await bridge.createTopic(source, 'topic-shapes', { partitions: 2, config: { 'retention.bytes': '100000000' } })
      await bridge.createTopic(source, 'topic-transactions', { partitions: 2 })
      const shapes = await bridge.writeShapes(source, 'topic-shapes', { codec: 'lz4', partitions: 2 })
      const wrote = await bridge.writeTransactions(source, 'topic-transactions', { partitions: 2, transactions: 12 })

      const first = await startMirror({ source, target, properties })
      t.after(() => first.stop())
      await bridge.awaitRecords(target, 'A.topic-shapes', shapes)
      await bridge.awaitRecords(target, 'A.topic-transactions', wrote.committed + wrote.plain)
      assert.equal((await bridge.describeConfig(target, { topic: 'A.topic-shapes' }))['retention.bytes']?.value, '100000000')
      await first.stop()

      await bridge.createPartitions(source, 'topic-shapes', 3)
      const more = await bridge.writeShapes(source, 'topic-shapes', { codec: 'zstd', partitions: 3 })
      const second = await startMirror({ source, target, properties })
      t.after(() => second.stop())
      await bridge.awaitRecords(target, 'A.topic-shapes', shapes + more)
      for (const topic of ['topic-shapes', 'topic-transactions']) {
        const comparison = await bridge.compare(source, target, topic, { targetTopic: `A.${topic}` })
        assert.ok(comparison.equal, `${topic} ${JSON.stringify(comparison)}`)
      }
      const trouble = [...first.log.lines, ...second.log.lines].filter(
        ({ level, message }) => (level === 'warn' || level === 'error') && !NOT_YET_KNOWN.test(message),
      )
      assert.deepEqual(trouble, [])
    })
  }
})

type Pair = readonly [source: KafkaCluster, target: KafkaCluster]
