import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SourceOffset } from '../../framework/api/index.ts'
import { KafkaOffsetStore, type KafkaOffsetStoreOptions } from '../../framework/storage/kafka-offset-store.ts'
import { type Bridge, type DumpedRecord, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type TestClient, testClient } from './test-cluster.ts'

const never = new AbortController().signal
const foo = { cluster: 'A', partition: 0, topic: 'foo' }
const fooKey = '["MirrorSourceConnector",{"cluster":"A","partition":0,"topic":"foo"}]'
const companionKey = '["MirrorSourceConnector/isthmus",{"cluster":"A","partition":0,"topic":"foo"}]'

describe('source offsets in a topic, as Kafka Connect stores them', () => {
  let kafka: KafkaCluster
  let bridge: Bridge
  let client: TestClient
  before(async () => {
    ;[kafka, bridge] = await Promise.all([startCluster({ name: 'offsets' }), startBridge()])
    client = testClient(kafka.bootstrapServers)
  })
  after(async () => {
    await client?.cluster.close()
    await Promise.all([bridge?.close(), kafka?.stop()])
  })

  async function open(
    t: { after(job: () => Promise<void>): void },
    topic: string,
    options: Partial<KafkaOffsetStoreOptions> = {},
    own = client,
  ): Promise<KafkaOffsetStore> {
    const standard = { topic, connectorName: 'MirrorSourceConnector', replicationFactor: 1, standardFields: ['offset'] }
    const store = await KafkaOffsetStore.open(own.cluster, { ...standard, ...options }, AbortSignal.timeout(30_000))
    t.after(() => store.close())
    return store
  }

  const texts = (records: readonly DumpedRecord[]): string[][] =>
    records.map(({ partition, key, value }) => [`${partition}`, `${key}`, `${value}`])

  test('keys, values and partitions are those of the three Java connectors, byte for byte', async t => {
    const vectors = [
      ['MirrorSourceConnector', foo, { offset: 123 }, '16', fooKey, '{"offset":123}'],
      [
        'MirrorCheckpointConnector',
        { partition: 0, topic: 'A.foo', group: 'g1' },
        { offset: 0 },
        '18',
        '["MirrorCheckpointConnector",{"partition":0,"topic":"A.foo","group":"g1"}]',
        '{"offset":0}',
      ],
      [
        'MirrorHeartbeatConnector',
        { sourceClusterAlias: 'A', targetClusterAlias: 'B' },
        { offset: 0 },
        '0',
        '["MirrorHeartbeatConnector",{"sourceClusterAlias":"A","targetClusterAlias":"B"}]',
        '{"offset":0}',
      ],
    ] as const
    for (const [connectorName, partition, offset] of vectors) {
      const store = await open(t, 'vectors', { connectorName })
      await store.save([[partition, offset]], never)
    }
    const stored = texts(await bridge.dump(kafka, 'vectors'))
    assert.deepEqual(stored.sort(), vectors.map(([, , , ...expected]) => expected).sort())
  })

  test('creates its topic compacted, with 25 partitions and the settings given', async t => {
    await open(t, 'created', { configs: { 'min.cleanable.dirty.ratio': '0.3' } })
    assert.equal((await bridge.describeTopic(kafka, 'created')).partitions.length, 25)
    const config = await bridge.describeConfig(kafka, { topic: 'created' })
    assert.equal(config['cleanup.policy']?.value, 'compact')
    assert.equal(config['min.cleanable.dirty.ratio']?.value, '0.3')
  })

  test('additions travel in a companion beside the standard record', async t => {
    const full: SourceOffset = { offset: 123, topicId: 'a1', leaderEpoch: 5 }
    await (await open(t, 'companions')).save([[foo, full]], never)
    assert.deepEqual(texts(await bridge.dump(kafka, 'companions')), [
      ['16', companionKey, '{"offset":123,"topicId":"a1","leaderEpoch":5}'],
      ['16', fooKey, '{"offset":123}'],
    ])
    assert.equal((await bridge.batches(kafka, 'companions', 16)).length, 1)
    const other = { ...foo, partition: 1 }
    assert.deepEqual(await (await open(t, 'companions')).load([other, foo]), [null, full])
  })

  test('another program moved the offset on: its offset counts, without our additions', async t => {
    const store = await open(t, 'moved-on')
    await store.save([[foo, { offset: 123, topicId: 'a1' }]], never)
    await bridge.produce(kafka, 'moved-on', [{ key: fooKey, value: '{"offset":456}' }])
    assert.deepEqual(await store.load([foo]), [{ offset: 456 }])
    await bridge.produce(kafka, 'moved-on', [{ key: fooKey, value: null }])
    assert.deepEqual(await store.load([foo]), [null])
  })

  test('an offset saved without additions takes the companion away', async t => {
    const store = await open(t, 'taken-away')
    await store.save([[foo, { offset: 1, topicId: 'a1' }]], never)
    await store.load([foo])
    await store.save([[foo, { offset: 1 }]], never)
    assert.deepEqual(await store.load([foo]), [{ offset: 1 }])
  })

  test('what others wrote is found whatever the order of the fields, the newest first', async t => {
    const store = await open(t, 'any-order')
    const key = '["MirrorSourceConnector",{"topic":"foo","partition":0,"cluster":"A"}]'
    await bridge.produce(kafka, 'any-order', [{ key, value: '{"offset":7}', timestamp: 2000 }])
    assert.deepEqual(await store.load([foo]), [{ offset: 7 }])
    await bridge.produce(kafka, 'any-order', [{ key: fooKey, value: '{"offset":5}', timestamp: 1000 }])
    assert.deepEqual(await (await open(t, 'any-order')).load([foo]), [{ offset: 7 }])
    await store.save([[foo, { offset: 8 }]], never)
    assert.deepEqual(await store.load([foo]), [{ offset: 8 }])
  })

  test('records that are no offsets are logged and passed over', async t => {
    const own = testClient(kafka.bootstrapServers)
    t.after(() => own.cluster.close())
    const store = await open(t, 'garbage', {}, own)
    await bridge.produce(kafka, 'garbage', [
      { key: 'not json', value: '{}' },
      { key: '["X"]', value: '{}' },
      { key: '["X",null]', value: '{}' },
      { key: fooKey, value: '[1]' },
      { key: fooKey, value: '{"offset":3}' },
    ])
    assert.deepEqual(await store.load([foo]), [{ offset: 3 }])
    assert.equal(own.logger.lines.filter(({ level, message }) => level === 'warn' && /was passed over/.test(message)).length, 4)
  })

  test('a thousand partitions are saved and loaded at once', async t => {
    const store = await open(t, 'many')
    const partitions = Array.from({ length: 1000 }, (_, partition) => ({ ...foo, partition }))
    const offsets = partitions.map((_, i) => ({ offset: i, topicId: 'a1'.repeat(16), leaderEpoch: 0 }))
    const started = performance.now()
    await store.save(
      partitions.map((partition, i) => [partition, offsets[i]!]),
      never,
    )
    const saved = performance.now()
    assert.deepEqual(await store.load(partitions), offsets)
    t.diagnostic(`saved in ${Math.round(saved - started)} ms, loaded in ${Math.round(performance.now() - saved)} ms`)
  })

  test('a replication factor the cluster cannot give is refused by name', async t => {
    await assert.rejects(open(t, 'too-replicated', { replicationFactor: 3 }), {
      code: 'INVALID_REPLICATION_FACTOR',
      message: /too-replicated.*replication factor 3/,
    })
  })
})
