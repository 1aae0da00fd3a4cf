import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { formatProperties } from '../kafka-tool/server-properties.ts'
import { runCli, tempFiles } from './cli-process.ts'
import { startMirror } from './dedicated-mirror.ts'
import { awaitRefresh, topicsOf, topologyOf, valuesOf, write } from './topology.ts'

const IDENTITY = { 'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy' }

describe('clusters between which topics keep their names', { timeout: 120_000 }, () => {
  const files = tempFiles()
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(async () => {
    files.remove()
    await Promise.all([a?.stop(), b?.stop(), bridge?.close()])
  })

  /** All topics whose names begin so, the mirror's own ones aside. */
  const named = async (cluster: KafkaCluster, prefix: string): Promise<readonly string[]> =>
    (await topicsOf(bridge, cluster)).filter(topic => topic.startsWith(prefix))

  test('both ways are refused: exit code 1, what to do, and not one topic is created', async () => {
    await bridge.createTopic(a, 'refused', { partitions: 2 })
    const values = await write(bridge, a, 'refused', { name: 'stays' })
    const before = await Promise.all([a, b].map(cluster => bridge.listTopics(cluster, { internal: true })))
    const path = files.write('mm2.properties', formatProperties({ ...topologyOf({ A: a, B: b }, ['A->B', 'B->A']), ...IDENTITY }))
    const { code, stdout, stderr } = await runCli('mirror', path)
    assert.deepEqual([code, stdout, stderr.trim().split('\n').length], [1, '', 1], stderr)
    assert.match(stderr, /mm2\.properties: B->A\.enabled = true: A->B and B->A lead round in a circle/)
    assert.match(stderr, /each copies orders, for example \(A->B\.topics = \.\*; B->A\.topics = \.\*\)\. Enable one direction/)
    assert.deepEqual(await Promise.all([a, b].map(cluster => bridge.listTopics(cluster, { internal: true }))), before)
    assert.deepEqual(await valuesOf(bridge, a, 'refused'), values.toSorted())
  })

  test('active and passive: the passive one has the same topics with the same records, and keeps its own for itself', async t => {
    await bridge.createTopic(a, 'same-orders', { partitions: 3 })
    await bridge.createTopic(b, 'same-of-passive')
    const count = await bridge.writeShapes(a, 'same-orders', { partitions: 3 })
    const lines = { ...topologyOf({ A: a, B: b }, ['A->B']), ...IDENTITY, 'A->B.topics': 'same-.*' }
    const mirror = await startMirror({ source: a, target: b, properties: lines })
    t.after(() => mirror.stop())
    await bridge.awaitRecords(b, 'same-orders', count)
    await awaitRefresh(bridge, 'same-look', [[a, b, 'same-look']])
    const comparison = await bridge.compare(a, b, 'same-orders')
    assert.ok(comparison.equal && comparison.source === count, JSON.stringify(comparison))
    assert.deepEqual(await bridge.offsets(b, 'same-orders'), await bridge.offsets(a, 'same-orders'))
    assert.deepEqual(await named(a, 'same-'), ['same-look', 'same-orders'])
    assert.deepEqual(await named(b, 'same-'), ['same-look', 'same-of-passive', 'same-orders'])
  })

  test('active and passive: an application on the passive one is told what lies behind it', async t => {
    const mirror = await startMirror({
      source: a,
      target: b,
      properties: { ...topologyOf({ A: a, B: b }, ['A->B']), ...IDENTITY },
    })
    t.after(() => mirror.stop())
    await bridge.awaitRecords(b, 'A.heartbeats', 1)
    const client = new MirrorClient({ 'bootstrap.servers': b.bootstrapServers, ...IDENTITY, 'source.cluster.alias': 'A' })
    t.after(() => client.close())
    assert.deepEqual(await client.upstreamClusters(), ['A'])
    assert.deepEqual([await client.replicationHops('A'), await client.replicationHops('B')], [1, -1])
  })

  test('both ways with topics that cannot meet: each record is once on either side', async t => {
    await bridge.createTopic(a, 'eu-orders', { partitions: 2 })
    await bridge.createTopic(b, 'us-orders', { partitions: 2 })
    const eu = [...(await write(bridge, a, 'eu-orders', { name: 'early eu' }))]
    const us = [...(await write(bridge, b, 'us-orders', { name: 'early us' }))]
    const topics = { 'A->B.topics': 'eu-.*', 'B->A.topics': '.*', 'B->A.topics.exclude': 'eu-.*, (?!us-).*' }
    const lines = { ...topologyOf({ A: a, B: b }, ['A->B', 'B->A']), ...IDENTITY, ...topics }
    const mirror = await startMirror({ source: a, target: b, properties: lines })
    t.after(() => mirror.stop())
    await Promise.all([bridge.awaitRecords(b, 'eu-orders', 100), bridge.awaitRecords(a, 'us-orders', 100)])
    eu.push(...(await write(bridge, a, 'eu-orders', { name: 'late eu' })))
    us.push(...(await write(bridge, b, 'us-orders', { name: 'late us' })))
    await Promise.all([bridge.awaitRecords(b, 'eu-orders', 200), bridge.awaitRecords(a, 'us-orders', 200)])
    await awaitRefresh(bridge, 'eu-look', [[a, b, 'eu-look']])
    await awaitRefresh(bridge, 'us-look', [[b, a, 'us-look']])
    for (const cluster of [a, b]) {
      assert.deepEqual(await valuesOf(bridge, cluster, 'eu-orders'), eu.toSorted())
      assert.deepEqual(await valuesOf(bridge, cluster, 'us-orders'), us.toSorted())
      assert.deepEqual(await named(cluster, 'eu-'), ['eu-look', 'eu-orders'])
      assert.deepEqual(await named(cluster, 'us-'), ['us-look', 'us-orders'])
    }
  })
})
