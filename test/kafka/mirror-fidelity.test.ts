import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type Mirror, startMirror, storeOffsets } from './dedicated-mirror.ts'

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const DEFAULT_LIMIT = 1_048_588
const RAISED_LIMIT = 3_100_000

describe('what arrives is what was sent', { concurrency: false }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  async function mirror(t: Stopping, properties: Record<string, string>): Promise<Mirror> {
    const started = await startMirror({ source, target, properties })
    t.after(() => started.stop())
    return started
  }

  async function assertCopied(topic: string, count: number): Promise<void> {
    await bridge.awaitRecords(target, `A.${topic}`, count)
    const comparison = await bridge.compare(source, target, topic, { targetTopic: `A.${topic}` })
    assert.ok(comparison.equal && comparison.source === count && comparison.target === count, JSON.stringify(comparison))
  }

  test('every shape of record in every codec, still compressed on arrival', async t => {
    const written = new Map<string, number>()
    for (const codec of CODECS) {
      const topic = `shapes-${codec}`
      await bridge.createTopic(source, topic, { partitions: 2 })
      written.set(topic, await bridge.writeShapes(source, topic, { codec, partitions: 2 }))
    }
    await mirror(t, { 'A->B.topics': 'shapes-.*' })
    for (const codec of CODECS) {
      const topic = `shapes-${codec}`
      await assertCopied(topic, written.get(topic)!)
      for (const partition of [0, 1]) {
        const codecs = (await bridge.batches(target, `A.${topic}`, partition)).map(batch => batch.codec)
        assert.deepEqual([...new Set(codecs)], [codec])
      }
    }
  })

  test('records written while the mirror runs, in the order of each partition', async t => {
    await bridge.createTopic(source, 'live', { partitions: 3 })
    await mirror(t, { 'A->B.topics': 'live' })
    const load = await bridge.startLoad(source, 'live', { partitions: 3, rate: 0, count: 30_000, valueBytes: 200, codec: 'zstd' })
    const { sent } = await load.done
    await assertCopied('live', sent)
  })

  test('a batch that is exactly as large as the limit', async t => {
    await bridge.createTopic(source, 'largest')
    const value = Buffer.alloc(DEFAULT_LIMIT - 72, 7)
    await bridge.produce(source, 'largest', [{ key: null, value }], { producer: { 'max.request.size': '2000000' } })
    const sizes = async (cluster: KafkaCluster, topic: string) =>
      (await bridge.batches(cluster, topic, 0)).map(({ sizeBytes }) => sizeBytes)
    assert.deepEqual(await sizes(source, 'largest'), [DEFAULT_LIMIT])
    await mirror(t, { 'A->B.topics': 'largest' })
    await assertCopied('largest', 1)
    assert.deepEqual(await sizes(target, 'A.largest'), [DEFAULT_LIMIT])
  })

  test('a raised max.message.bytes comes along with the records that need it', async t => {
    const config = { 'max.message.bytes': `${RAISED_LIMIT}` }
    const producer = { 'max.request.size': '4000000' }
    await bridge.createTopic(source, 'raised', { config })
    const written = await bridge.writeShapes(source, 'raised', { codec: 'none', maxValueBytes: 3_000_000, producer })
    await mirror(t, { 'A->B.topics': 'raised' })
    await assertCopied('raised', written)
    const copied = await bridge.describeConfig(target, { topic: 'A.raised' })
    assert.equal(copied['max.message.bytes']?.value, `${RAISED_LIMIT}`)
  })

  test('of a topic with LogAppendTime: the times its broker gave', async t => {
    const config = { 'message.timestamp.type': 'LogAppendTime' }
    await bridge.createTopic(source, 'append-time', { partitions: 2, config })
    const before = Date.now()
    const written = await bridge.writeShapes(source, 'append-time', { codec: 'lz4', partitions: 2 })
    await mirror(t, { 'A->B.topics': 'append-time' })
    await assertCopied('append-time', written)
    const copies = await bridge.dump(target, 'A.append-time')
    assert.ok(copies.every(({ timestamp, timestampType }) => timestamp >= before && timestampType === 'CreateTime'))
  })

  test('to a topic with LogAppendTime: everything but the times', async t => {
    const config = { 'message.timestamp.type': 'LogAppendTime' }
    await bridge.createTopic(source, 'to-append-time')
    await bridge.createTopic(target, 'A.to-append-time', { config })
    const written = await bridge.writeShapes(source, 'to-append-time', { codec: 'snappy' })
    await mirror(t, { 'A->B.topics': 'to-append-time' })
    await bridge.awaitRecords(target, 'A.to-append-time', written)
    const comparison = await bridge.compare(source, target, 'to-append-time', {
      targetTopic: 'A.to-append-time',
      timestamps: false,
    })
    assert.ok(comparison.equal && comparison.target === written, JSON.stringify(comparison))
  })

  for (const codec of ['none', 'lz4'] as const) {
    test(`small batches of ${codec} that queue up are joined, with their order and codec`, async t => {
      const topic = `small-${codec}`
      const [count, valueBytes, batchBytes] = [20_000, 1_000, 15_000]
      await bridge.createTopic(source, topic)
      const load = await bridge.startLoad(source, topic, { rate: 0, count, valueBytes, compressible: false, codec, batchBytes })
      await load.done
      await mirror(t, { 'A->B.topics': topic })
      await assertCopied(topic, count)
      const [sent, arrived] = await Promise.all([bridge.batches(source, topic, 0), bridge.batches(target, `A.${topic}`, 0)])
      assert.ok(arrived.length * 2 < sent.length, `${sent.length} batches became ${arrived.length}`)
      assert.ok(arrived.every(batch => batch.codec === codec))
    })
  }

  test('a partition whose batches differ in codec, size, kind of timestamp and transaction', async t => {
    await bridge.createTopic(source, 'mixed')
    let count = 0
    for (let round = 0; round < 36; round++) {
      const type = round % 12 < 8 ? 'CreateTime' : 'LogAppendTime'
      if (round % 4 === 0) await bridge.alterConfig(source, { topic: 'mixed' }, { set: { 'message.timestamp.type': type } })
      const records = Array.from({ length: 1 + ((round * 17) % 50) }, (_, i) => ({
        partition: 0,
        key: i % 5 === 0 ? null : `key ${i}`,
        value: i % 7 === 0 ? null : Buffer.alloc((i * round * 31) % 900, `${round} ${i} `),
        timestamp: 1_700_000_000_000 + ((i * 7_919 + round) % 100_000),
        headers: i % 3 === 0 ? [['round', `${round}`] as const] : [],
      }))
      const transaction = round % 3 === 0 ? { transactionalId: `mixed-${round}`, abort: round % 6 === 0 } : {}
      const codec = CODECS[(round * 3) % CODECS.length]!
      await bridge.produce(source, 'mixed', records, { codec, batchBytes: [0, 300, 65_536][round % 3]!, ...transaction })
      if (!('abort' in transaction && transaction.abort)) count += records.length
    }
    await mirror(t, { 'A->B.topics': 'mixed' })
    await assertCopied('mixed', count)
  })

  test('the rest of a batch, when the stored offset lies within it', async t => {
    await bridge.createTopic(source, 'resumed', { partitions: 2 })
    const records = Array.from({ length: 200 }, (_, i) => ({
      partition: i % 2,
      key: `key ${i}`,
      value: `value ${i} ${'x'.repeat(i)}`,
      timestamp: 1_000 + ((i * 37) % 500),
    }))
    await bridge.produce(source, 'resumed', records, { codec: 'lz4' })
    assert.equal((await bridge.batches(source, 'resumed', 0)).length, 1)
    const stored = [41, 98] as const
    await storeOffsets(target, 'resumed', stored)
    await mirror(t, { 'A->B.topics': 'resumed' })
    await bridge.awaitRecords(target, 'A.resumed', 58 + 1)
    for (const [partition, offset] of stored.entries()) {
      const sent = await bridge.dump(source, 'resumed', { partition })
      const arrived = await bridge.dump(target, 'A.resumed', { partition })
      const contents = (dumped: typeof sent) => dumped.map(({ key, value, timestamp }) => [`${key}`, `${value}`, timestamp])
      assert.deepEqual(contents(arrived), contents(sent.slice(offset + 1)))
    }
  })
})

interface Stopping {
  after(job: () => Promise<void>): void
}
