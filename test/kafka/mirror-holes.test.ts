import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type DumpedBatch, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type Mirror, startMirror, storeOffsets } from './dedicated-mirror.ts'
import { eventually } from './eventually.ts'

/** Every fetch brings a few batches, so that transactions span many. */
const SMALL_FETCHES = { 'A.consumer.max.partition.fetch.bytes': '2000', 'isthmus.fetch.max.bytes': '3000' }
const COMPACTED = {
  'cleanup.policy': 'compact',
  'segment.ms': '1000',
  'min.cleanable.dirty.ratio': '0.001',
  'min.compaction.lag.ms': '0',
  'max.compaction.lag.ms': '1',
}

describe('logs with holes', { concurrency: false }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  async function mirror(t: { after(job: () => Promise<void>): void }, properties: Record<string, string>): Promise<Mirror> {
    const started = await startMirror({ source, target, properties })
    t.after(() => started.stop())
    return started
  }

  async function recordsOnTarget(topic: string): Promise<number> {
    const offsets = await bridge.offsets(target, topic)
    return offsets.reduce((sum, { latest, earliest }) => sum + latest - earliest, 0)
  }

  test('of interleaved transactions: the committed ones, nothing aborted, nothing open', async t => {
    await bridge.createTopic(source, 'transactions', { partitions: 3 })
    const wrote = await bridge.writeTransactions(source, 'transactions', {
      partitions: 3,
      producers: 4,
      transactions: 80,
      leaveOpen: true,
    })
    assert.ok(wrote.committed > 0 && wrote.aborted > 0 && wrote.plain > 0 && wrote.open > 0)
    const started = await mirror(t, { 'A->B.topics': 'transactions', ...SMALL_FETCHES })
    await started.awaitCaughtUp(3)
    const comparison = await bridge.compare(source, target, 'transactions', { targetTopic: 'A.transactions' })
    assert.ok(comparison.equal && comparison.source > wrote.committed / 2, JSON.stringify(comparison))
    assert.equal(await recordsOnTarget('A.transactions'), comparison.source)
    const copied = await bridge.batches(target, 'A.transactions', 0)
    assert.ok(copied.every(batch => !batch.transactional && !batch.control))
  })

  test('with read_uncommitted: the aborted ones too, as the file asks', async t => {
    await bridge.createTopic(source, 'uncommitted', { partitions: 2 })
    const wrote = await bridge.writeTransactions(source, 'uncommitted', { partitions: 2, transactions: 30 })
    await mirror(t, { 'A->B.topics': 'uncommitted', 'A.consumer.isolation.level': 'read_uncommitted', ...SMALL_FETCHES })
    const all = wrote.committed + wrote.aborted + wrote.plain
    await bridge.awaitRecords(target, 'A.uncommitted', all)
    const options = { targetTopic: 'A.uncommitted', sourceIsolation: 'read_uncommitted' } as const
    const comparison = await bridge.compare(source, target, 'uncommitted', options)
    assert.ok(comparison.equal && comparison.target === all, JSON.stringify(comparison))
  })

  test('from a stored offset anywhere within transactions: exactly the committed rest', async t => {
    const partitions = 6
    await bridge.createTopic(source, 'resumed', { partitions })
    await bridge.writeTransactions(source, 'resumed', {
      partitions,
      producers: 4,
      transactions: 60,
      abortRatio: 0.6,
      codec: 'lz4',
    })
    const ends = await bridge.offsets(source, 'resumed')
    const positions = ends.map(({ latest }, partition) => Math.floor((latest * (partition + 1)) / (partitions + 1)))
    await storeOffsets(target, 'resumed', positions)
    const started = await mirror(t, { 'A->B.topics': 'resumed', ...SMALL_FETCHES })
    await started.awaitCaughtUp(partitions)
    for (const [partition, position] of positions.entries()) {
      const sent = (await bridge.dump(source, 'resumed', { partition })).filter(({ offset }) => offset > position)
      const arrived = await bridge.dump(target, 'A.resumed', { partition })
      assert.ok(sent.length > 0)
      assert.deepEqual(
        arrived.map(({ value }) => `${value}`),
        sent.map(({ value }) => `${value}`),
        `partition ${partition} from ${position}`,
      )
    }
  })

  test('of a log whose first records were deleted within a batch: what is left', async t => {
    await bridge.createTopic(source, 'beheaded')
    const records = Array.from({ length: 100 }, (_, i) => ({ key: `key ${i}`, value: `value ${i}` }))
    await bridge.produce(source, 'beheaded', records, { codec: 'zstd' })
    assert.equal(await bridge.deleteRecords(source, 'beheaded', 0, 37), 37)
    await mirror(t, { 'A->B.topics': 'beheaded' })
    await bridge.awaitRecords(target, 'A.beheaded', 63)
    const comparison = await bridge.compare(source, target, 'beheaded', { targetTopic: 'A.beheaded' })
    assert.ok(comparison.equal && comparison.target === 63, JSON.stringify(comparison))
  })

  test('of compacted topics: every record left, tombstones too, in order', async t => {
    const topics = { 'compacted-none': 'none', 'compacted-lz4': 'lz4' } as const
    const left = new Map<string, number>()
    for (const [topic, codec] of Object.entries(topics)) {
      await bridge.createTopic(source, topic, { config: COMPACTED })
      const keys = new Set<string>()
      for (let round = 0; round < 12; round++) {
        const records = Array.from({ length: 40 }, (_, i) => {
          const key = `key ${(i * (round + 1) * 7) % 60}`
          keys.add(key)
          const value = (i + round) % 9 === 0 ? null : `round ${round} record ${i}`
          return {
            key,
            value,
            timestamp: 1_700_000_000_000 + round * 10_000 + ((i * 13) % 100),
            headers: [['round', `${round}`]] as const,
          }
        })
        await bridge.produce(source, topic, records, { codec })
      }
      await bridge.produce(source, topic, [{ key: 'the active segment', value: 'is not cleaned', timestamp: Date.now() }], {
        codec,
      })
      left.set(topic, keys.size + 1)
    }
    for (const [topic, count] of left) {
      const batches = await eventually(
        `${topic} is cleaned`,
        () => bridge.batches(source, topic, 0),
        found => found.reduce((sum, batch) => sum + batch.count, 0) === count,
      )
      assert.ok(batches.some(hasHoles), 'records are missing within a batch')
      assert.ok(
        batches.some(({ deleteHorizonMs }) => deleteHorizonMs >= 0),
        'a batch has a delete horizon',
      )
    }
    const started = await mirror(t, { 'A->B.topics': 'compacted-.*' })
    await started.awaitCaughtUp(2)
    for (const [topic, count] of left) {
      const [sent, arrived] = await Promise.all([bridge.dump(source, topic), bridge.dump(target, `A.${topic}`)])
      assert.equal(sent.length, count)
      assert.ok(sent.some(({ value }) => value === null))
      assert.deepEqual(arrived.map(content), sent.map(content))
    }

    await started.stop()
    const holed = (await bridge.batches(source, 'compacted-lz4', 0)).findLast(hasHoles)!
    const position = Math.floor((holed.baseOffset + holed.lastOffset) / 2)
    await storeOffsets(target, 'compacted-lz4', [position])
    const resumed = await mirror(t, { 'A->B.topics': 'compacted-lz4', 'replication.policy.separator': '-' })
    await resumed.awaitCaughtUp(1)
    const rest = (await bridge.dump(source, 'compacted-lz4')).filter(({ offset }) => offset > position)
    assert.ok(rest.length > 1 && rest[0]!.offset <= holed.lastOffset, 'the position lies within a batch')
    assert.deepEqual((await bridge.dump(target, 'A-compacted-lz4')).map(content), rest.map(content))
  })
})

const hasHoles = ({ baseOffset, lastOffset, count }: DumpedBatch): boolean => count > 0 && count < lastOffset - baseOffset + 1

const content = ({ offset: _, topic: __, ...record }: { readonly offset: number; readonly topic: string }): object => record
