import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type ConfigEntries, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type Mirror, startMirror } from './dedicated-mirror.ts'
import { eventually } from './eventually.ts'
import { startMirror as startWorker } from './mirror-harness.ts'

const EVERY_SECOND = { 'refresh.topics.interval.seconds': '1', 'sync.topic.configs.interval.seconds': '1' }

describe('remote topics', { concurrency: false }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    const starting = [startCluster({ name: 'a' }), startCluster({ name: 'b', brokers: 3 }), startBridge()] as const
    ;[source, target, bridge] = await Promise.all(starting)
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  async function mirror(t: Stopping, properties: Record<string, string>): Promise<Mirror> {
    const started = await startMirror({ source, target, properties: { ...EVERY_SECOND, ...properties } })
    t.after(() => started.stop())
    return started
  }

  /** Of several brokers each learns of a topic in its own time. */
  const known = <T>(ask: () => Promise<T>): Promise<T> => eventually('every broker to know the topic', ask, () => true)

  async function assertTopics(cluster: KafkaCluster, pattern: RegExp, expected: readonly string[]): Promise<void> {
    const topicsOn = async (): Promise<string[]> => (await bridge.listTopics(cluster)).filter(topic => pattern.test(topic))
    assert.deepEqual(await eventually(`the topics ${expected}`, topicsOn, found => found.length >= expected.length), expected)
  }

  const settingOf = (cluster: KafkaCluster, topic: string, name: string, isEnough: (entry: Entry) => boolean): Promise<Entry> =>
    eventually(`${name} of ${topic}`, async () => (await bridge.describeConfig(cluster, { topic }))[name]!, isEnough)

  /** Returns when both directions, or the one, have looked for topics once more from now on. */
  async function awaitRefresh(name: string, from: readonly (readonly [KafkaCluster, KafkaCluster, string])[]): Promise<void> {
    for (const [there, here, remote] of from) {
      await bridge.createTopic(there, name)
      await eventually(
        `topic ${remote}`,
        () => bridge.listTopics(here),
        topics => topics.includes(remote),
      )
    }
  }

  test('are created with the partitions and settings of their originals, and with replication.factor', async t => {
    const config = { 'cleanup.policy': 'compact', 'retention.bytes': '123456', 'min.insync.replicas': '1' }
    await bridge.createTopic(source, 'created', { partitions: 5, config })
    await mirror(t, { 'A->B.topics': 'created', 'replication.factor': '2' })
    const { partitions } = await known(() => bridge.describeTopic(target, 'A.created'))
    assert.deepEqual(
      partitions.map(({ replicas }) => replicas.length),
      [2, 2, 2, 2, 2],
    )
    const own = Object.entries(await known(() => bridge.describeConfig(target, { topic: 'A.created' })))
      .filter(([, entry]) => isOwn(entry))
      .map(([name, { value }]) => [name, value])
    assert.deepEqual(own, [
      ['cleanup.policy', 'compact'],
      ['retention.bytes', '123456'],
    ])
  })

  test('are created with the default replication of the target for replication.factor = -1', async t => {
    await bridge.createTopic(source, 'default-replication')
    await mirror(t, { 'A->B.topics': 'default-replication', 'replication.factor': '-1' })
    const { partitions } = await known(() => bridge.describeTopic(target, 'A.default-replication'))
    assert.equal(partitions[0]!.replicas.length, 3)
  })

  test('appear and grow after a refresh, and their records follow', async t => {
    await bridge.createTopic(source, 'growing', { partitions: 2 })
    await mirror(t, { 'A->B.topics': 'growing.*' })
    await bridge.createPartitions(source, 'growing', 4)
    const records = Array.from({ length: 40 }, (_, i) => ({ partition: i % 4, key: 'k', value: `${i}` }))
    await bridge.produce(source, 'growing', records)
    await bridge.createTopic(source, 'growing-late', { partitions: 3 })
    await bridge.produce(
      source,
      'growing-late',
      records.slice(0, 3).map(record => ({ ...record, partition: 2 })),
    )
    await Promise.all([bridge.awaitRecords(target, 'A.growing', 40), bridge.awaitRecords(target, 'A.growing-late', 3)])
    for (const topic of ['growing', 'growing-late']) {
      const comparison = await bridge.compare(source, target, topic, { targetTopic: `A.${topic}` })
      assert.ok(comparison.equal, JSON.stringify(comparison))
    }
    assert.equal((await bridge.describeTopic(target, 'A.growing')).partitions.length, 4)
    assert.equal((await bridge.describeTopic(target, 'A.growing-late')).partitions.length, 3)
  })

  test('keep more partitions than their originals have', async t => {
    await bridge.createTopic(source, 'wider', { partitions: 2 })
    await bridge.createTopic(target, 'A.wider', { partitions: 5 })
    await bridge.produce(source, 'wider', [{ partition: 1, key: 'k', value: 'v' }])
    const { log } = await mirror(t, { 'A->B.topics': 'wider' })
    await bridge.awaitRecords(target, 'A.wider', 1)
    assert.equal((await bridge.describeTopic(target, 'A.wider')).partitions.length, 5)
    assert.deepEqual(
      log.lines.filter(({ level }) => level === 'warn' || level === 'error'),
      [],
    )
  })

  test('keep in step with settings that are set, changed and taken back, and leave excluded ones alone', async t => {
    await bridge.createTopic(source, 'in-step', { config: { 'retention.bytes': '1000', 'delete.retention.ms': '1111' } })
    await bridge.createTopic(target, 'A.in-step', { config: { 'delete.retention.ms': '2000', 'segment.ms': '5555' } })
    await mirror(t, { 'A->B.topics': 'in-step', 'config.properties.exclude': 'delete\\.retention\\..*' })
    await settingOf(target, 'A.in-step', 'retention.bytes', ({ value }) => value === '1000')
    await settingOf(target, 'A.in-step', 'segment.ms', entry => !isOwn(entry))

    await bridge.alterConfig(target, { topic: 'A.in-step' }, { set: { 'retention.bytes': '7' } })
    await settingOf(target, 'A.in-step', 'retention.bytes', ({ value }) => value === '1000')
    await bridge.alterConfig(source, { topic: 'in-step' }, { set: { 'retention.bytes': '2000', 'max.message.bytes': '3000' } })
    await settingOf(target, 'A.in-step', 'retention.bytes', ({ value }) => value === '2000')
    await settingOf(target, 'A.in-step', 'max.message.bytes', ({ value }) => value === '3000')
    await bridge.alterConfig(source, { topic: 'in-step' }, { delete: ['retention.bytes'] })
    await settingOf(target, 'A.in-step', 'retention.bytes', entry => entry.value === '-1' && !isOwn(entry))
    const excluded = (await bridge.describeConfig(target, { topic: 'A.in-step' }))['delete.retention.ms']
    assert.equal(excluded?.value, '2000')
  })

  test('get the defaults of the source as settings of their own with use.defaults.from = source', async t => {
    await bridge.createTopic(source, 'source-defaults')
    await bridge.createTopic(source, 'source-defaults-new')
    await bridge.createTopic(target, 'A.source-defaults', {
      config: { 'retention.bytes': '3000', 'delete.retention.ms': '2000' },
    })
    await mirror(t, {
      'A->B.topics': 'source-defaults.*',
      'A->B.use.defaults.from': 'source',
      'config.properties.exclude': 'delete\\.retention\\..*',
    })
    for (const topic of ['A.source-defaults', 'A.source-defaults-new'])
      await settingOf(target, topic, 'retention.bytes', entry => entry.value === '-1' && isOwn(entry))
    const excluded = (await bridge.describeConfig(target, { topic: 'A.source-defaults' }))['delete.retention.ms']
    assert.equal(excluded?.value, '2000')
  })

  test('are never made of internal topics, whatever the filter says; heartbeats always come along', async t => {
    const internal = ['int-internal', 'int.internal', '__int', '.int', 'A.int.checkpoints.internal', 'mm2-offsets.int.internal']
    for (const topic of [...internal, 'internal.int', 'heartbeats']) await bridge.createTopic(source, topic)
    await mirror(t, { 'A->B.topics': '.*int.*', 'topics.exclude': 'none' })
    await assertTopics(target, /^A\.(?!checkpoints\.internal$).*int|heartbeats/, ['A.heartbeats', 'A.internal.int'])
  })

  test('are never copied back to where they come from', async t => {
    for (const topic of ['B.cycle', 'C.B.cycle', 'C.cycle']) await bridge.createTopic(source, topic)
    await mirror(t, { 'A->B.topics': '.*cycle', 'heartbeats.replication.enabled': 'false' })
    await assertTopics(target, /cycle/, ['A.C.cycle'])
  })

  test('do not loop between two clusters that copy each other', async t => {
    for (const [cluster, name] of [
      [source, 'a'],
      [target, 'b'],
    ] as const) {
      await bridge.createTopic(cluster, 'both')
      await bridge.produce(cluster, 'both', [{ key: name, value: `from ${name}` }])
    }
    await mirror(t, { 'A->B.topics': '.*both', 'B->A.topics': '.*both', 'B->A.enabled': 'true' })
    await Promise.all([bridge.awaitRecords(target, 'A.both', 1), bridge.awaitRecords(source, 'B.both', 1)])
    await awaitRefresh('marker-both', [
      [source, target, 'A.marker-both'],
      [target, source, 'B.marker-both'],
    ])
    await assertTopics(source, /[^-]both$/, ['B.both'])
    await assertTopics(target, /[^-]both$/, ['A.both'])
    for (const [cluster, topic, value] of [
      [target, 'A.both', 'from a'],
      [source, 'B.both', 'from b'],
    ] as const)
      assert.deepEqual(
        (await bridge.dump(cluster, topic)).map(record => `${record.value}`),
        [value],
      )
  })

  test('keep their names with the IdentityReplicationPolicy', async t => {
    await bridge.createTopic(source, 'same-name', { partitions: 2, config: { 'retention.bytes': '777' } })
    const written = await bridge.writeShapes(source, 'same-name', { codec: 'lz4', partitions: 2 })
    await mirror(t, {
      'A->B.topics': 'same-name',
      'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy',
    })
    await bridge.awaitRecords(target, 'same-name', written)
    const comparison = await bridge.compare(source, target, 'same-name')
    assert.ok(comparison.equal, JSON.stringify(comparison))
    assert.equal((await bridge.describeConfig(target, { topic: 'same-name' }))['retention.bytes']?.value, '777')
    await assertTopics(target, /same-name/, ['same-name'])
  })

  test('are named with the separator of the file, which marks cycles too', async t => {
    for (const topic of ['sep', 'B-sep', 'B.sep']) await bridge.createTopic(source, topic)
    await bridge.produce(source, 'sep', [{ key: 'k', value: 'v' }])
    await mirror(t, {
      'A->B.topics': 'sep, B.sep',
      'replication.policy.separator': '-',
      'heartbeats.replication.enabled': 'false',
    })
    await bridge.awaitRecords(target, 'A-sep', 1)
    await assertTopics(target, /sep$/, ['A-B.sep', 'A-sep'])
  })

  test('are dealt out to tasks.max tasks, partition by partition, and nothing is copied twice when they grow', async t => {
    for (const [topic, partitions] of [
      ['t0', 8],
      ['t1', 2],
      ['t2', 2],
    ] as const)
      await bridge.createTopic(source, topic, { partitions })
    const produce = (partitions: number): Promise<unknown> =>
      bridge.produce(
        source,
        't0',
        Array.from({ length: 90 }, (_, i) => ({ partition: i % partitions, key: 'k', value: `${partitions} ${i}` })),
      )
    await produce(8)
    const properties = {
      ...EVERY_SECOND,
      'A->B.topics': 't0, t1, t2',
      'tasks.max': '3',
      'heartbeats.replication.enabled': 'false',
    }
    const started = await startWorker({ source, target, properties })
    t.after(() => started.stop())
    await started.awaitStatus('12 partitions assigned', entries => entries.length === 12)
    const assigned = started
      .status()
      .connectors[0]!.tasks.map(({ partitions }) =>
        partitions.map(({ partition }) => `${partition.topic}-${partition.partition}`).join(),
      )
    assert.deepEqual(assigned, ['t0-0,t0-3,t0-6,t1-1', 't0-1,t0-4,t0-7,t2-0', 't0-2,t0-5,t1-0,t2-1'])
    await bridge.awaitRecords(target, 'A.t0', 90)
    await bridge.createPartitions(source, 't0', 10)
    await produce(10)
    await bridge.awaitRecords(target, 'A.t0', 180)
    const comparison = await bridge.compare(source, target, 't0', { targetTopic: 'A.t0' })
    assert.ok(comparison.equal, JSON.stringify(comparison))
  })

  test('that a filter asks for and nobody has are missed aloud, with the nearest name, and found later', async t => {
    await bridge.createTopic(source, 'invoices')
    const { log } = await mirror(t, { 'A->B.topics': 'invoces, nobody.*', 'heartbeats.replication.enabled': 'false' })
    assert.equal((await log.awaitLine(/invoces/)).level, 'warn')
    assert.match(
      (await log.awaitLine(/\] topics: invoces/)).message,
      /topics: invoces matches no topic of cluster A; did you mean invoices\?/,
    )
    assert.match((await log.awaitLine(/\] topics: nobody/)).message, /topics: nobody\.\* matches no topic of cluster A/)
    assert.match(
      (await log.awaitLine(/chooses none/)).message,
      /topics = invoces, nobody\.\* chooses none of the \d+ topics of cluster A/,
    )
    await bridge.createTopic(source, 'nobody-knew')
    await bridge.produce(source, 'nobody-knew', [{ key: 'k', value: 'v' }])
    await bridge.awaitRecords(target, 'A.nobody-knew', 1)
    assert.equal(
      log.lines.filter(({ message }) => message.includes('] topics: invoces')).length,
      1,
      'said once, not at every refresh',
    )
  })
})

type Entry = ConfigEntries[string]

const isOwn = ({ source }: Entry): boolean => source === 'DYNAMIC_TOPIC_CONFIG'

interface Stopping {
  after(job: () => Promise<void>): void
}
