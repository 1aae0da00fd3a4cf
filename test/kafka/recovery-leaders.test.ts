import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type Broker, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { loadFor } from './load.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { settled } from './settled.ts'

const PARTITIONS = 3
/** Records per second. */
const RATE = 2_000
/** Longer than a coordinator's move to another broker, so that duplicates cannot come from a lost membership. */
const KEPT = { 'B.session.timeout.ms': '30000' }

describe('leaders that come and go, under load', { timeout: 240_000 }, () => {
  let three: KafkaCluster
  let one: KafkaCluster
  let bridge: Bridge
  before(async () => {
    const min = { 'min.insync.replicas': '2' }
    ;[three, one, bridge] = await Promise.all([
      startCluster({ name: 'three', brokers: 3, config: min, heapMb: 320 }),
      startCluster({ name: 'one' }),
      startBridge(),
    ])
  })
  after(() => Promise.all([three?.stop(), one?.stop(), bridge?.close()]))

  const leaderOf = async (cluster: KafkaCluster, topic: string, partition: number): Promise<Broker> => {
    const { partitions } = await bridge.describeTopic(cluster, topic)
    return cluster.brokers.find(({ id }) => id === partitions[partition]!.leader)!
  }

  const moveOn = async (cluster: KafkaCluster, topic: string, partition: number): Promise<void> => {
    const { leader, isr } = (await bridge.describeTopic(cluster, topic)).partitions[partition]!
    const next = isr.find(id => id !== leader)
    if (next !== undefined) await bridge.moveLeader(cluster, topic, partition, next)
  }

  const copiedThrough = async (
    t: TestContext,
    source: KafkaCluster,
    target: KafkaCluster,
    topic: string,
    change: (copied: (records: number) => Promise<void>) => Promise<void>,
  ): Promise<void> => {
    await bridge.createTopic(source, topic, { partitions: PARTITIONS, replicationFactor: source.brokers.length })
    const mirror = new MirrorProcess({ properties: mirrorProperties(source, target, { 'A->B.topics': topic, ...KEPT }) })
    t.after(() => mirror.kill())
    await mirror.awaitState('RUNNING')
    const load = await loadFor(t, bridge, source, topic, { partitions: PARTITIONS, rate: RATE, codec: 'lz4' })
    let copied = 0
    await change(async records => {
      copied = await bridge.awaitRecords(target, `A.${topic}`, copied + records)
    })
    const { acknowledged, failed } = await load.stop()
    const comparison = await settled(bridge, source, target, topic)
    assert.equal(failed, 0)
    assert.equal(
      comparison.source,
      acknowledged.reduce((sum, n) => sum + n),
    )
    assert.ok(comparison.equal, JSON.stringify(comparison))
    assert.equal((await mirror.terminate()).code, 0)
    assert.deepEqual(
      mirror.lines.filter(({ level }) => level === 'error'),
      [],
    )
  }

  test('at the source: one is killed and comes back, others are moved; all is copied, once and in order', async t => {
    const topic = 'leaders-of-source'
    await copiedThrough(t, three, one, topic, async copied => {
      await copied(RATE)
      const leader = await leaderOf(three, topic, 0)
      await leader.kill()
      await copied(2 * RATE)
      await leader.start()
      for (const partition of [0, 1, 2, 0]) {
        await moveOn(three, topic, partition)
        await copied(RATE / 2)
      }
    })
  })

  test('at the target: one is killed and comes back, others are moved; all is copied, once and in order', async t => {
    const topic = 'leaders-of-target'
    await copiedThrough(t, one, three, topic, async copied => {
      await copied(RATE)
      const leader = await leaderOf(three, `A.${topic}`, 0)
      await leader.kill()
      await copied(2 * RATE)
      await leader.start()
      for (const partition of [0, 1, 2, 0]) {
        await moveOn(three, `A.${topic}`, partition)
        await copied(RATE / 2)
      }
    })
  })

  test('at the target: one freezes; its partitions are copied on by others, long before its requests time out', async t => {
    const topic = 'leader-frozen'
    await bridge.createTopic(one, topic, { partitions: PARTITIONS })
    const properties = mirrorProperties(one, three, { 'A->B.topics': topic, ...KEPT })
    const mirror = new MirrorProcess({ properties, args: ['--summary-interval', '1'] })
    t.after(() => mirror.kill())
    await mirror.awaitState('RUNNING')
    const load = await loadFor(t, bridge, one, topic, { partitions: PARTITIONS, rate: RATE })
    await bridge.awaitRecords(three, `A.${topic}`, RATE)
    const { pid } = await leaderOf(three, `A.${topic}`, 0)
    process.kill(pid!, 'SIGSTOP')
    try {
      await sleep(1_000)
      const { sent } = await load.stop()
      await mirror.waitFor('all copied', line => line.records === sent, 20_000)
    } finally {
      process.kill(pid!, 'SIGCONT')
    }
    const comparison = await settled(bridge, one, three, topic)
    assert.ok(comparison.equal, JSON.stringify(comparison))
  })

  test('a target broker without replicas is lost for more than the window holds: partitions on the others are copied meanwhile', async t => {
    const topic = 'target-broker-lost'
    await bridge.createTopic(one, topic, { partitions: PARTITIONS })
    await bridge.createTopic(three, `A.${topic}`, {
      partitions: PARTITIONS,
      replicationFactor: 1,
      config: { 'min.insync.replicas': '1' },
    })
    const mirror = new MirrorProcess({ properties: mirrorProperties(one, three, { 'A->B.topics': topic, ...KEPT }) })
    t.after(() => mirror.kill())
    await mirror.awaitState('RUNNING')
    const lost = await leaderOf(three, `A.${topic}`, 0)
    const placed = (await bridge.describeTopic(three, `A.${topic}`)).partitions
    const living = placed.filter(({ leader }) => leader !== lost.id).length
    assert.ok(living > 0)
    await lost.kill()
    const each = 25_000
    const load = await loadFor(t, bridge, one, topic, {
      partitions: PARTITIONS,
      rate: 0,
      count: PARTITIONS * each,
      compressible: false,
    })
    assert.equal((await load.done).failed, 0)
    await bridge.awaitRecords(three, `A.${topic}`, living * each)
    await lost.start()
    const comparison = await settled(bridge, one, three, topic)
    assert.ok(comparison.equal, JSON.stringify(comparison))
    assert.ok(mirror.peakRssMb() < 256, `${mirror.peakRssMb()} MB`)
  })
})
