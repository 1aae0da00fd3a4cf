import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type Mirror, startMirror } from './dedicated-mirror.ts'
import { topicsOf, topologyOf } from './topology.ts'

describe('a chain A->B->C', { timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let c: KafkaCluster
  let bridge: Bridge
  let mirror: Mirror
  before(async () => {
    const clusters = ['a', 'b', 'c'].map(name => startCluster({ name }))
    ;[a, b, c, bridge] = (await Promise.all([...clusters, startBridge()])) as [KafkaCluster, KafkaCluster, KafkaCluster, Bridge]
    const properties = topologyOf({ A: a, B: b, C: c }, ['A->B', 'B->C'])
    mirror = await startMirror({ source: a, target: b, properties })
  })
  after(async () => {
    await mirror?.stop()
    await Promise.all([a?.stop(), b?.stop(), c?.stop(), bridge?.close()])
  })

  test('hands on records of every shape, unaltered, under a name that tells the way', async () => {
    await bridge.createTopic(a, 'orders', { partitions: 3 })
    const count = await bridge.writeShapes(a, 'orders', { partitions: 3, rounds: 6, maxValueBytes: 100_000 })
    await bridge.awaitRecords(c, 'B.A.orders', count)
    const comparison = await bridge.compare(a, c, 'orders', { targetTopic: 'B.A.orders' })
    assert.deepEqual([comparison.equal, comparison.target], [true, count], JSON.stringify(comparison))
  })

  test('hands on what transactions committed, and nothing of aborted ones', async () => {
    await bridge.createTopic(a, 'payments', { partitions: 2 })
    const { committed, aborted, plain } = await bridge.writeTransactions(a, 'payments', { partitions: 2, valueBytes: 50 })
    assert.ok(aborted > 0)
    await bridge.awaitRecords(c, 'B.A.payments', committed + plain)
    const comparison = await bridge.compare(a, c, 'payments', { targetTopic: 'B.A.payments' })
    assert.deepEqual([comparison.equal, comparison.target], [true, committed + plain], JSON.stringify(comparison))
  })

  test('has on each cluster what comes from before it, and nothing from behind', async () => {
    await Promise.all([bridge.awaitRecords(c, 'B.A.heartbeats', 1), bridge.awaitRecords(c, 'B.heartbeats', 1)])
    const isOfMirror = (topic: string): boolean => /heartbeats$/.test(topic)
    assert.deepEqual((await topicsOf(bridge, a)).filter(isOfMirror), ['heartbeats'])
    assert.deepEqual((await topicsOf(bridge, b)).filter(isOfMirror), ['A.heartbeats', 'heartbeats'])
    assert.deepEqual((await topicsOf(bridge, c)).filter(isOfMirror), ['B.A.heartbeats', 'B.heartbeats', 'heartbeats'])
  })

  test('tells applications on the last cluster how far away the others are', async t => {
    await Promise.all([bridge.awaitRecords(c, 'B.A.heartbeats', 1), bridge.awaitRecords(c, 'B.heartbeats', 1)])
    const client = new MirrorClient({ 'bootstrap.servers': c.bootstrapServers })
    t.after(() => client.close())
    assert.deepEqual((await client.upstreamClusters()).toSorted(), ['A', 'B'])
    const hops = ['A', 'B', 'C'].map(alias => client.replicationHops(alias))
    assert.deepEqual(await Promise.all(hops), [2, 1, -1])
  })
})
