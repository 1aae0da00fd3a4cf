import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type Checkpoint, checkpointFormat, MirrorClient } from '../../connectors/mirror/index.ts'
import {
  type Bridge,
  type DumpedRecord,
  type GroupOffset,
  type KafkaCluster,
  startBridge,
  startCluster,
} from '../kafka-tool/index.ts'
import { type Mirror, startMirror } from './dedicated-mirror.ts'
import { eventually } from './eventually.ts'
import { expectedOffsets, ofPartition } from './expected-offsets.ts'

const CHECKPOINTS = 'A.checkpoints.internal'

/** Often enough for a test. */
const QUICK = {
  'emit.checkpoints.interval.seconds': '0.1',
  'refresh.groups.interval.seconds': '0.3',
  'sync.group.offsets.interval.seconds': '0.2',
  'checkpoints.topic.replication.factor': '1',
}

type Properties = Readonly<Record<string, string>>

describe('checkpoints', { concurrency: false, timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let client: MirrorClient
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    client = new MirrorClient({ 'bootstrap.servers': b.bootstrapServers })
  })
  after(async () => {
    await client?.close()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  async function mirrorOf(t: TestContext, topics: string, groups: string, more: Properties = {}): Promise<Mirror> {
    const properties = { ...QUICK, 'A->B.topics': topics, 'A->B.groups': groups, ...more }
    const mirror = await startMirror({ source: a, target: b, properties })
    t.after(() => mirror.stop())
    return mirror
  }

  /** Every checkpoint record of the topic there has been, in order. */
  async function checkpointsOf(group: string): Promise<Checkpoint[]> {
    const records = await bridge.dump(b, CHECKPOINTS)
    const ofGroup = records.filter(({ key }) => key?.includes(group))
    return ofGroup.flatMap(record => checkpointFormat.decode(CHECKPOINTS, record) ?? [])
  }

  const awaitOffset = (group: string, topic: string, partition: number, offset: number) =>
    eventually(
      `checkpoint of ${group} at ${offset} in ${topic}-${partition}`,
      () => client.remoteConsumerOffsets(group, 'A').catch(() => []),
      offsets => offsets.some(found => found.topic === topic && found.partition === partition && found.offset === offset),
    )

  const awaitTargetOffset = (group: string, topic: string, offset: number) =>
    eventually(
      `${group} at ${offset} in ${topic}`,
      () => bridge.groupOffsets(b, group),
      offsets => offsets.some(found => found.topic === topic && found.offset === offset),
    )

  const set = (cluster: KafkaCluster, group: string, topic: string, offset: number) =>
    bridge.alterGroupOffsets(cluster, group, [{ topic, partition: 0, offset }])

  const numbered = (count: number) => Array.from({ length: count }, (_, i) => ({ partition: 0, value: `${i}` }))

  async function copied(t: TestContext, topic: string, more: Properties = {}): Promise<Mirror> {
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, numbered(100))
    const mirror = await mirrorOf(t, topic, `${topic}-.*`, more)
    await bridge.awaitRecords(b, `A.${topic}`, 100)
    return mirror
  }

  test('every group at whatever offset of a topic of transactions goes on at exactly the next record', async t => {
    await bridge.createTopic(a, 'tx', { partitions: 2 })
    await bridge.writeTransactions(a, 'tx', { partitions: 2, transactions: 30, recordsPerTransaction: 30, seed: 5 })
    const ends = (await bridge.offsets(a, 'tx')).map(({ latest }) => latest)
    const at = (partition: number, i: number): GroupOffset => ({
      topic: 'tx',
      partition,
      offset: Math.floor((ends[partition]! * i) / 40),
      metadata: `of ${i}`,
    })
    const groups = Array.from({ length: 41 }, (_, i) => `tx-${i}`)
    await Promise.all(groups.map((group, i) => bridge.alterGroupOffsets(a, group, [at(0, i), at(1, 40 - i)])))
    const mirror = await mirrorOf(t, 'tx', 'tx-.*')
    const originals = await bridge.dump(a, 'tx')
    const isWhole = (records: DumpedRecord[]): boolean => records.length === originals.length
    const copies = await eventually('all copies', () => bridge.dump(b, 'A.tx'), isWhole)
    const expected = [0, 1].map(partition =>
      expectedOffsets(ofPartition(originals, partition), ofPartition(copies, partition), ends[partition]),
    )
    for (const [i, group] of groups.entries()) {
      const wanted = [at(0, i), at(1, 40 - i)].map(({ partition, offset, metadata }) => ({
        topic: 'A.tx',
        partition,
        offset: expected[partition]![offset]!,
        metadata,
      }))
      await eventually(
        `${group} at ${JSON.stringify(wanted)}`,
        () => client.remoteConsumerOffsets(group, 'A').catch(() => []),
        offsets => JSON.stringify(offsets) === JSON.stringify(wanted),
      )
    }
    await mirror.stop()
  })

  test('an idle group of the target is set, one in use never, and a group that appears later is seen', async t => {
    const mirror = await copied(t, 'synced', { 'sync.group.offsets.enabled': 'true' })
    await set(a, 'synced-idle', 'synced', 40)
    await awaitTargetOffset('synced-idle', 'A.synced', 40)
    const consumer = bridge.consume(b, { group: 'synced-used', topics: ['A.synced'], protocol: 'consumer' })
    await consumer.awaitRecords(100)
    await set(a, 'synced-used', 'synced', 50)
    await awaitOffset('synced-used', 'A.synced', 0, 50)
    await set(a, 'synced-idle', 'synced', 60)
    await awaitTargetOffset('synced-idle', 'A.synced', 60)
    assert.deepEqual(
      (await bridge.groupOffsets(b, 'synced-used')).map(({ offset }) => offset),
      [100],
    )
    await consumer.stop()
    await mirror.stop()
  })

  test('what a consumer of either protocol commits is translated, whatever its group is called', async t => {
    const mirror = await copied(t, 'either')
    for (const protocol of ['classic', 'consumer'] as const) {
      const group = `either-${protocol}, or "other"`
      const consumer = bridge.consume(a, { group, topics: ['either'], protocol, count: 37 })
      assert.equal(await consumer.done, 37)
      await awaitOffset(group, 'A.either', 0, 37)
    }
    await mirror.stop()
  })

  test('a group rewound on the source is followed on the target, unless somebody consumed there', async t => {
    const mirror = await copied(t, 'rewound', { 'sync.group.offsets.enabled': 'true' })
    for (const group of ['rewound-idle', 'rewound-used']) {
      await set(a, group, 'rewound', 80)
      await awaitTargetOffset(group, 'A.rewound', 80)
    }
    const consumer = bridge.consume(b, { group: 'rewound-used', topics: ['A.rewound'], count: 5 })
    assert.equal(await consumer.done, 5)
    for (const group of ['rewound-used', 'rewound-idle']) await set(a, group, 'rewound', 10)
    await awaitTargetOffset('rewound-idle', 'A.rewound', 10)
    const line = await mirror.log.awaitLine(/Group rewound-used is ahead on B .*at 85 instead of 10\): it was rewound on A/)
    assert.equal(line.level, 'warn')
    assert.deepEqual(
      (await bridge.groupOffsets(b, 'rewound-used')).map(({ offset }) => offset),
      [85],
    )
    await mirror.stop()
  })

  test('a group rewound to records that were never copied goes back to the first copy there is, not one further', async t => {
    const topic = 'unknown'
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, numbered(50))
    const mirror = await mirrorOf(t, topic, `${topic}-.*`, {
      'sync.group.offsets.enabled': 'true',
      'A.consumer.auto.offset.reset': 'latest',
    })
    await mirror.awaitCaughtUp(1)
    await bridge.produce(a, topic, numbered(50))
    await bridge.awaitRecords(b, `A.${topic}`, 50)
    await set(a, 'unknown-g', topic, 80)
    await awaitTargetOffset('unknown-g', `A.${topic}`, 30)
    await bridge.deleteRecords(b, `A.${topic}`, 0, 5)
    await set(a, 'unknown-g', topic, 10)
    await awaitTargetOffset('unknown-g', `A.${topic}`, 5)
    await mirror.stop()
  })

  test('over restarts checkpoints go on where they were: none is written twice, none goes back', async t => {
    const first = await copied(t, 'restarted')
    await set(a, 'restarted-g', 'restarted', 70)
    await awaitOffset('restarted-g', 'A.restarted', 0, 70)
    await first.stop()
    const second = await mirrorOf(t, 'restarted', 'restarted-.*')
    await bridge.produce(a, 'restarted', numbered(10))
    await bridge.awaitRecords(b, 'A.restarted', 110)
    await set(a, 'restarted-g', 'restarted', 105)
    await awaitOffset('restarted-g', 'A.restarted', 0, 105)
    await second.stop()
    assert.deepEqual(
      (await checkpointsOf('restarted-g')).map(({ upstreamOffset, downstreamOffset }) => [upstreamOffset, downstreamOffset]),
      [
        [70, 70],
        [105, 105],
      ],
    )
  })

  test('after a restart a rewind is still told from what was consumed on the target', async t => {
    const sync = { 'sync.group.offsets.enabled': 'true' }
    const first = await copied(t, 'remembered', sync)
    await set(a, 'remembered-g', 'remembered', 90)
    await awaitTargetOffset('remembered-g', 'A.remembered', 90)
    await first.stop()
    await set(a, 'remembered-g', 'remembered', 20)
    const second = await mirrorOf(t, 'remembered', 'remembered-.*', sync)
    await awaitTargetOffset('remembered-g', 'A.remembered', 20)
    await second.stop()
  })

  test('what is no checkpoint, or was deleted, stops nothing; a malformed offset sync neither', async t => {
    const first = await copied(t, 'spoilt')
    await set(a, 'spoilt-g', 'spoilt', 30)
    await awaitOffset('spoilt-g', 'A.spoilt', 0, 30)
    await first.stop()
    const { key } = checkpointFormat.encode({
      group: 'spoilt-g',
      topic: 'A.spoilt',
      partition: 0,
      upstreamOffset: 0,
      downstreamOffset: 0,
      metadata: '',
    })
    await bridge.produce(b, CHECKPOINTS, [
      { key: 'x', value: null },
      { key, value: 'y' },
      { key, value: null },
    ])
    await bridge.produce(a, 'mm2-offset-syncs.B.internal', [{ key: 'x', value: 'y' }])
    const second = await mirrorOf(t, 'spoilt', 'spoilt-.*')
    await set(a, 'spoilt-g', 'spoilt', 35)
    await awaitOffset('spoilt-g', 'A.spoilt', 0, 35)
    await second.stop()
  })

  test('a topic that came from the target goes home under its own name, at the right record', async t => {
    for (const cluster of [a, b]) {
      await bridge.createTopic(cluster, 'both')
      await bridge.produce(cluster, 'both', numbered(cluster === a ? 50 : 30))
    }
    const mirror = await startMirror({
      source: a,
      target: b,
      properties: {
        ...QUICK,
        'B->A.enabled': 'true',
        'A->B.topics': 'both, B.both',
        'B->A.topics': 'both, A.both',
        groups: 'both-.*',
      },
    })
    t.after(() => mirror.stop())
    await Promise.all([bridge.awaitRecords(b, 'A.both', 50), bridge.awaitRecords(a, 'B.both', 30)])
    await bridge.alterGroupOffsets(a, 'both-g', [
      { topic: 'both', partition: 0, offset: 21 },
      { topic: 'B.both', partition: 0, offset: 11 },
    ])
    await awaitOffset('both-g', 'A.both', 0, 21)
    await awaitOffset('both-g', 'both', 0, 11)
    await mirror.stop()
  })
})
