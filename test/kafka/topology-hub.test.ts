import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { startMirror } from './dedicated-mirror.ts'
import { awaitRefresh, readAll, topicsOf, topologyOf, write } from './topology.ts'

describe('a hub H and its spokes A and B', { timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let hub: KafkaCluster
  let bridge: Bridge
  before(async () => {
    const clusters = ['a', 'b', 'hub'].map(name => startCluster({ name }))
    ;[a, b, hub, bridge] = (await Promise.all([...clusters, startBridge()])) as [KafkaCluster, KafkaCluster, KafkaCluster, Bridge]
  })
  after(() => Promise.all([a?.stop(), b?.stop(), hub?.stop(), bridge?.close()]))

  const start = (flows: readonly string[], properties: Readonly<Record<string, string>>) =>
    startMirror({ source: a, target: hub, properties: { ...topologyOf({ A: a, B: b, H: hub }, flows), ...properties } })

  async function assertCopy(from: KafkaCluster, to: KafkaCluster, topic: string, targetTopic: string): Promise<void> {
    const comparison = await bridge.compare(from, to, topic, { targetTopic })
    assert.ok(comparison.equal && comparison.source > 0, `${targetTopic}: ${JSON.stringify(comparison)}`)
  }

  const named = async (cluster: KafkaCluster, ending: string): Promise<readonly string[]> =>
    (await topicsOf(bridge, cluster)).filter(topic => topic.endsWith(ending))

  test('fan-in: the hub has the topics of each spoke apart, and a consumer of one pattern sees the records of both', async t => {
    for (const spoke of [a, b]) await bridge.createTopic(spoke, 'in-orders', { partitions: 2 })
    const ofA = await write(bridge, a, 'in-orders', { name: 'A' })
    const ofB = await write(bridge, b, 'in-orders', { name: 'B' })
    const mirror = await start(['A->H', 'B->H'], { topics: 'in-.*' })
    t.after(() => mirror.stop())
    await Promise.all([bridge.awaitRecords(hub, 'A.in-orders', 100), bridge.awaitRecords(hub, 'B.in-orders', 100)])
    await assertCopy(a, hub, 'in-orders', 'A.in-orders')
    await assertCopy(b, hub, 'in-orders', 'B.in-orders')
    const expected = [...ofA.map(value => `A.in-orders ${value}`), ...ofB.map(value => `B.in-orders ${value}`)]
    assert.deepEqual(await readAll(bridge, hub, '.*\\.in-orders', 200), expected.sort())
    for (const spoke of [a, b]) assert.deepEqual(await named(spoke, 'in-orders'), ['in-orders'])
  })

  test('fan-in: an application on the hub is told of both spokes, one on a spoke of none', async t => {
    const mirror = await start(['A->H', 'B->H'], { topics: 'none' })
    t.after(() => mirror.stop())
    await Promise.all(['A.heartbeats', 'B.heartbeats'].map(topic => bridge.awaitRecords(hub, topic, 1)))
    const [onHub, onSpoke] = [hub, a].map(cluster => new MirrorClient({ 'bootstrap.servers': cluster.bootstrapServers }))
    t.after(() => Promise.all([onHub?.close(), onSpoke?.close()]))
    assert.deepEqual((await onHub!.upstreamClusters()).toSorted(), ['A', 'B'])
    assert.deepEqual([await onHub!.replicationHops('A'), await onHub!.replicationHops('B')], [1, 1])
    assert.equal(await onSpoke!.replicationHops('B'), -1)
  })

  test('fan-out: each spoke has the topics of the hub, record by record', async t => {
    await bridge.createTopic(hub, 'out-prices', { partitions: 3 })
    const count = await bridge.writeShapes(hub, 'out-prices', { partitions: 3, maxValueBytes: 100_000 })
    const mirror = await start(['H->A', 'H->B'], { topics: 'out-.*' })
    t.after(() => mirror.stop())
    for (const spoke of [a, b]) {
      await bridge.awaitRecords(spoke, 'H.out-prices', count)
      await assertCopy(hub, spoke, 'out-prices', 'H.out-prices')
      assert.deepEqual(await named(spoke, 'out-prices'), ['H.out-prices'])
    }
    assert.deepEqual(await named(hub, 'out-prices'), ['out-prices'])
  })

  test('in and out: what a spoke sends reaches the other one by the hub, and never comes back to its sender', async t => {
    await bridge.createTopic(a, 'both-orders', { partitions: 2 })
    await write(bridge, a, 'both-orders', { name: 'A' })
    const mirror = await start(['A->H', 'B->H', 'H->A', 'H->B'], { topics: '.*both-.*' })
    t.after(() => mirror.stop())
    await bridge.awaitRecords(b, 'H.A.both-orders', 100)
    await assertCopy(a, b, 'both-orders', 'H.A.both-orders')
    await awaitRefresh(bridge, 'both-look', [
      [hub, a, 'H.both-look'],
      [hub, b, 'H.both-look'],
    ])
    await awaitRefresh(bridge, 'both-look-again', [
      [a, hub, 'A.both-look-again'],
      [b, hub, 'B.both-look-again'],
    ])
    assert.deepEqual(await named(a, 'both-orders'), ['both-orders'])
    assert.deepEqual(await named(hub, 'both-orders'), ['A.both-orders'])
    assert.deepEqual(await named(b, 'both-orders'), ['H.A.both-orders'])
  })
})
