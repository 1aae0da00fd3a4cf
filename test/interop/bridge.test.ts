import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, BridgeError, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'

describe('the bridge to the Java clients', () => {
  let cluster: KafkaCluster
  let bridge: Bridge

  before(async () => {
    ;[cluster, bridge] = await Promise.all([startCluster({ name: 'bridge' }), startBridge()])
  })
  after(async () => {
    await Promise.all([bridge?.close(), cluster?.stop()])
  })

  test('brings back a record as it was sent', async () => {
    await bridge.createTopic(cluster, 'round-trip', { partitions: 2 })
    const headers = [
      ['b', 'x'],
      ['2', Buffer.of(0, 255)],
      ['b', null],
    ] as const
    const sent = await bridge.produce(cluster, 'round-trip', [
      { partition: 1, timestamp: 999, key: Buffer.alloc(4), value: null, headers },
    ])
    assert.deepEqual(sent, [[1, 0]])
    assert.deepEqual(await bridge.dump(cluster, 'round-trip'), [
      {
        topic: 'round-trip',
        partition: 1,
        offset: 0,
        timestamp: 999,
        timestampType: 'CreateTime',
        key: Buffer.alloc(4),
        value: null,
        headers: [
          ['b', Buffer.from('x')],
          ['2', Buffer.of(0, 255)],
          ['b', null],
        ],
      },
    ])
  })

  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
    test(`writes all shapes in batches of ${codec}, always the same`, async () => {
      const topics = [`shapes-${codec}`, `again-${codec}`] as const
      const written = await Promise.all(
        topics.map(async topic => {
          await bridge.createTopic(cluster, topic, { partitions: 2 })
          return bridge.writeShapes(cluster, topic, { codec, partitions: 2 })
        }),
      )
      const comparison = await bridge.compare(cluster, cluster, topics[0], { targetTopic: topics[1] })
      assert.equal(comparison.source, written[0])
      assert.ok(comparison.equal, JSON.stringify(comparison))
      const batches = await bridge.batches(cluster, topics[0], 0)
      assert.ok(batches.every(batch => batch.codec === codec))
      assert.ok(batches[0]!.count > 10, 'several records share a batch')
      const small = (await bridge.dump(cluster, topics[0], { partition: 0 })).filter(r => [0, 999, 1000].includes(r.timestamp))
      const holder = batches.find(b => b.baseOffset <= small[0]!.offset && b.lastOffset >= small[2]!.offset)
      assert.ok(holder, 'timestamps 0, 999 and 1000 share a batch')
    })
  }

  test('interleaves transactions and hides the aborted ones', async () => {
    await bridge.createTopic(cluster, 'transactions', { partitions: 2 })
    const wrote = await bridge.writeTransactions(cluster, 'transactions', { partitions: 2, transactions: 12 })
    assert.ok(wrote.committed > 0 && wrote.aborted > 0 && wrote.plain > 0)
    const committed = await bridge.dump(cluster, 'transactions')
    const all = await bridge.dump(cluster, 'transactions', { isolation: 'read_uncommitted' })
    assert.equal(committed.length, wrote.committed + wrote.plain)
    assert.equal(all.length, committed.length + wrote.aborted)
    const fates = new Set(committed.map(record => record.value!.toString().split(' ')[0]))
    assert.deepEqual([...fates].sort(), ['committed', 'plain'])
    const batches = await bridge.batches(cluster, 'transactions', 0)
    assert.ok(batches.some(batch => batch.control))
    const writers = batches.filter(batch => batch.transactional).map(batch => batch.producerId)
    assert.ok(new Set(writers).size > 1 && writers.some((id, i) => i > 1 && id !== writers[i - 1] && writers.indexOf(id) < i))
  })

  test('counts what a copy lacks, repeats, reorders, alters and adds', async () => {
    await bridge.createTopic(cluster, 'original')
    await bridge.createTopic(cluster, 'copy')
    const record = (value: string, more: object = {}) => ({ partition: 0, timestamp: 5, value, ...more })
    await bridge.produce(
      cluster,
      'original',
      ['a', 'b', 'c', 'd', 'e', 'e'].map(v => record(v)),
    )
    const copy = [
      record('a'),
      record('c'),
      record('b'),
      record('b'),
      record('d', { headers: [['h', '1']] }),
      record('e'),
      record('z'),
    ]
    await bridge.produce(cluster, 'copy', copy)
    const { examples, ...numbers } = await bridge.compare(cluster, cluster, 'original', { targetTopic: 'copy' })
    assert.deepEqual(numbers, {
      source: 6,
      target: 7,
      missing: 1,
      duplicated: 1,
      reordered: 1,
      altered: 1,
      unexpected: 1,
      equal: false,
    })
    assert.deepEqual(examples, ['reordered 0@2', 'duplicated 0@3', 'altered 0@4', 'unexpected 0@6', 'missing 0@5'])
  })

  test('paces a load until told to stop, and numbers its records per partition', async () => {
    await bridge.createTopic(cluster, 'load', { partitions: 3 })
    const load = await bridge.startLoad(cluster, 'load', { partitions: 3, rate: 2_000, count: 600, codec: 'lz4' })
    const result = await load.done
    assert.equal(result.sent, 600)
    assert.deepEqual(result.acknowledged, [200, 200, 200])
    assert.ok(result.seconds > 0.28, `${result.seconds} s`)
    const values = (await bridge.dump(cluster, 'load', { partition: 2 })).map(r => r.value!.toString('latin1'))
    assert.ok(values.every((value, i) => value.startsWith(`2 ${String(i).padStart(12, '0')} `)))
    const endless = await bridge.startLoad(cluster, 'load', { partitions: 3, rate: 100 })
    const stopped = await endless.stop()
    assert.equal(stopped.failed, 0)
  })

  test('administers topics, configs and groups', async () => {
    const { topicId } = await bridge.createTopic(cluster, 'admin', { config: { 'retention.ms': '1000000' } })
    await bridge.createPartitions(cluster, 'admin', 3)
    const { partitions } = await bridge.describeTopic(cluster, 'admin')
    assert.deepEqual(
      partitions.map(p => p.leader),
      [1, 1, 1],
    )
    await bridge.alterConfig(cluster, { topic: 'admin' }, { set: { 'cleanup.policy': 'compact' }, delete: ['retention.ms'] })
    const config = await bridge.describeConfig(cluster, { topic: 'admin' })
    assert.deepEqual(config['cleanup.policy'], { value: 'compact', source: 'DYNAMIC_TOPIC_CONFIG' })
    assert.equal(config['retention.ms']!.source, 'STATIC_BROKER_CONFIG')
    const records = Array.from({ length: 5 }, (_, i) => ({ partition: 0, key: `k${i}`, value: 'v' }))
    await bridge.produce(cluster, 'admin', records)
    await bridge.alterConfig(cluster, { topic: 'admin' }, { set: { 'cleanup.policy': 'delete' } })
    assert.equal(await bridge.deleteRecords(cluster, 'admin', 0, 3), 3)
    assert.deepEqual((await bridge.offsets(cluster, 'admin'))[0], { partition: 0, earliest: 3, latest: 5 })
    await bridge.alterGroupOffsets(cluster, 'group', [{ topic: 'admin', partition: 0, offset: 4 }])
    assert.deepEqual(await bridge.groupOffsets(cluster, 'group'), [{ topic: 'admin', partition: 0, offset: 4, metadata: '' }])
    assert.ok((await bridge.listGroups(cluster)).includes('group'))
    await bridge.deleteTopic(cluster, 'admin')
    const again = await bridge.createTopic(cluster, 'admin')
    assert.notEqual(again.topicId, topicId)
  })

  test('passes on what a Java client throws', async () => {
    await bridge.createTopic(cluster, 'twice')
    await assert.rejects(
      bridge.createTopic(cluster, 'twice'),
      (e: unknown) => e instanceof BridgeError && e.javaClass === 'TopicExistsException',
    )
    const tooLarge = bridge.produce(cluster, 'twice', [{ value: Buffer.alloc(2_000_000) }])
    await assert.rejects(tooLarge, (e: unknown) => e instanceof BridgeError && e.javaClass === 'RecordTooLargeException')
  })
})
