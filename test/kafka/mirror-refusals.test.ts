import assert from 'node:assert/strict'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  type Bridge,
  type KafkaCluster,
  type OutgoingRecord,
  partitionFolder,
  startBridge,
  startCluster,
} from '../kafka-tool/index.ts'
import { type Mirror, startMirror } from './dedicated-mirror.ts'

const LIMIT = 50_000
/** The target's own settings stay, whatever the source's are. */
const KEEP_TARGET_SETTINGS = { 'config.properties.exclude': 'max\\.message\\.bytes, cleanup\\.policy' }

describe('records that the target refuses', { concurrency: false }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  async function mirror(t: Stopping, topic: string): Promise<Mirror> {
    const properties = { 'A->B.topics': topic, ...KEEP_TARGET_SETTINGS }
    const started = await startMirror({ source, target, properties })
    t.after(() => started.stop())
    return started
  }

  async function createBoth(topic: string, partitions: number, config: Record<string, string>): Promise<void> {
    await bridge.createTopic(source, topic, { partitions })
    await bridge.createTopic(target, `A.${topic}`, { partitions, config })
  }

  const values = async (cluster: KafkaCluster, topic: string, partition: number): Promise<string[]> =>
    (await bridge.dump(cluster, topic, { partition })).map(({ value }) => `${value}`)

  for (const codec of ['none', 'lz4', 'gzip'] as const) {
    test(`a batch of ${codec} that is too large is split and arrives whole`, async t => {
      const topic = `split-${codec}`
      await createBoth(topic, 1, { 'max.message.bytes': `${LIMIT}` })
      const count = 1_000
      const size = { valueBytes: 1_000, compressible: false, batchBytes: 700_000, codec }
      await (await bridge.startLoad(source, topic, { rate: 0, count, ...size })).done
      assert.ok((await bridge.batches(source, topic, 0)).some(({ sizeBytes }) => sizeBytes > 2 * LIMIT))
      await mirror(t, topic)
      await bridge.awaitRecords(target, `A.${topic}`, count)
      const comparison = await bridge.compare(source, target, topic, { targetTopic: `A.${topic}` })
      assert.ok(comparison.equal && comparison.target === count, JSON.stringify(comparison))
      const arrived = await bridge.batches(target, `A.${topic}`, 0)
      assert.ok(arrived.every(batch => batch.sizeBytes <= LIMIT && batch.codec === codec))
    })
  }

  test('a batch that would have to be split and is damaged fails its partition', async t => {
    await createBoth('damaged-large', 1, { 'max.message.bytes': `${LIMIT}` })
    const records = Array.from({ length: 100 }, (_, i) => ({ key: 'k', value: `${i} `.repeat(300) }))
    await bridge.produce(source, 'damaged-large', records, { batchBytes: 900_000 })
    flipByte(source, 'damaged-large', 1_000)
    const started = await mirror(t, 'damaged-large')
    const { cause } = await started.awaitFailed('damaged-large-0')
    assert.match(cause, /offset 0 of damaged-large-0 on A.*damaged on the source/)
  })

  test('small batches whose join is too large arrive as they were', async t => {
    await createBoth('unjoined', 1, { 'max.message.bytes': `${LIMIT}` })
    const load = { rate: 0, count: 5_000, valueBytes: 1_000, compressible: false, codec: 'none', batchBytes: 15_000 } as const
    await (await bridge.startLoad(source, 'unjoined', load)).done
    await mirror(t, 'unjoined')
    await bridge.awaitRecords(target, 'A.unjoined', load.count)
    const comparison = await bridge.compare(source, target, 'unjoined', { targetTopic: 'A.unjoined' })
    assert.ok(comparison.equal && comparison.target === load.count, JSON.stringify(comparison))
    assert.ok((await bridge.batches(target, 'A.unjoined', 0)).every(({ sizeBytes }) => sizeBytes <= LIMIT))
  })

  test('a single record that is too large fails its partition, and says which record, its size and the limit', async t => {
    await createBoth('too-large', 3, { 'max.message.bytes': `${LIMIT}` })
    const small = (partition: number, from: number, count: number): OutgoingRecord[] =>
      Array.from({ length: count }, (_, i) => ({ partition, key: 'k', value: `small ${from + i}` }))
    const large = { partition: 0, key: 'k', value: 'x'.repeat(LIMIT) }
    await bridge.produce(source, 'too-large', [
      ...small(0, 0, 5),
      large,
      ...small(0, 6, 5),
      ...small(1, 0, 20),
      ...small(2, 0, 20),
    ])
    const first = await mirror(t, 'too-large')

    const { cause } = await first.awaitFailed('too-large-0')
    assert.match(cause, /offset 5 of too-large-0 on A/)
    assert.match(cause, /A\.too-large-0 on the target/)
    assert.match(cause, /takes 50\d\d\d bytes/)
    assert.match(cause, new RegExp(`max\\.message\\.bytes of the target topic is ${LIMIT}`))
    assert.ok(first.log.lines.some(({ level, message }) => level === 'error' && message.includes('offset 5 of too-large-0 on A')))

    await bridge.produce(source, 'too-large', [...small(0, 11, 5), ...small(1, 20, 5), ...small(2, 20, 5)])
    await bridge.awaitRecords(target, 'A.too-large', 5 + 25 + 25)
    assert.deepEqual(await values(target, 'A.too-large', 0), (await values(source, 'too-large', 0)).slice(0, 5))
    for (const partition of [1, 2])
      assert.deepEqual(await values(target, 'A.too-large', partition), await values(source, 'too-large', partition))
    assert.equal(first.status()[0]!.state, 'RUNNING')
    await first.stop()

    await bridge.alterConfig(target, { topic: 'A.too-large' }, { set: { 'max.message.bytes': '1000000' } })
    await mirror(t, 'too-large')
    await bridge.awaitRecords(target, 'A.too-large', 16 + 25 + 25 + 5)
    const comparison = await bridge.compare(source, target, 'too-large', { targetTopic: 'A.too-large' })
    assert.deepEqual([comparison.missing, comparison.altered, comparison.unexpected], [0, 0, 0], JSON.stringify(comparison))
    assert.equal(comparison.duplicated, 5, 'the part of the batch before the record had arrived')
  })

  test('a record without a key fails the partition of a compacted topic, and says which and why', async t => {
    await createBoth('keyless', 2, { 'cleanup.policy': 'compact' })
    const keyed = (partition: number, from: number): OutgoingRecord[] =>
      Array.from({ length: 10 }, (_, i) => ({ partition, key: `k${from + i}`, value: 'v' }))
    await bridge.produce(source, 'keyless', [...keyed(0, 0), ...keyed(1, 0)])
    await bridge.produce(source, 'keyless', [
      { partition: 0, key: 'k', value: 'v' },
      { partition: 0, key: null, value: 'v' },
    ])
    const started = await mirror(t, 'keyless')
    const { cause } = await started.awaitFailed('keyless-0')
    assert.match(cause, /A\.keyless-0 on the target/)
    assert.match(cause, /offset 11 of keyless-0 on A/)
    assert.match(cause, /INVALID_RECORD.*compacted/)
    await bridge.produce(source, 'keyless', keyed(1, 10))
    await bridge.awaitRecords(target, 'A.keyless', 11 + 20)
    assert.deepEqual(await values(target, 'A.keyless', 0), (await values(source, 'keyless', 0)).slice(0, 11))
    assert.equal((await values(target, 'A.keyless', 1)).length, 20)
  })

  for (const codec of ['none', 'lz4'] as const) {
    test(`a batch of ${codec} that is damaged on the source fails its partition, and nothing damaged arrives`, async t => {
      const topic = `damaged-${codec}`
      await createBoth(topic, 2, {})
      const write = (partition: number, from: number): Promise<unknown> =>
        bridge.produce(
          source,
          topic,
          Array.from({ length: 10 }, (_, i) => ({ partition, key: 'k', value: `value ${from + i}` })),
          { codec },
        )
      for (const from of [0, 10, 20]) await write(0, from)
      const [first, second] = await bridge.batches(source, topic, 0)
      flipByte(source, topic, first!.sizeBytes + second!.sizeBytes - 3)
      await write(1, 0)
      const started = await mirror(t, topic)
      const { cause } = await started.awaitFailed(`${topic}-0`)
      assert.match(cause, new RegExp(`offset 10 of ${topic}-0 on A`))
      assert.match(cause, /damaged on the source/)
      await write(1, 10)
      await bridge.awaitRecords(target, `A.${topic}`, 10 + 20)
      assert.deepEqual(await values(target, `A.${topic}`, 0), (await values(source, topic, 1)).slice(0, 10))
    })
  }
})

/** As a failing disk does: the broker serves the batch all the same. */
function flipByte(cluster: KafkaCluster, topic: string, position: number): void {
  const path = join(partitionFolder(cluster.brokers[0]!, topic, 0), '00000000000000000000.log')
  const file = openSync(path, 'r+')
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, position)
  writeSync(file, Buffer.of(byte[0]! ^ 0xff), 0, 1, position)
  closeSync(file)
}

interface Stopping {
  after(job: () => Promise<void>): void
}
