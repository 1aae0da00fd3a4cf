import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { type Mirror, startMirror } from './dedicated-mirror.ts'
import { eventually } from './eventually.ts'
import { awaitRefresh, readAll, topicsOf, topologyOf, valuesOf, write } from './topology.ts'

describe('two active clusters, each copied to the other', { timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let mirror: Mirror
  const ofA: string[] = []
  const ofB: string[] = []

  /** All topics go both ways; records from before the start, and from after copies were there; then each flow has looked around twice. */
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    for (const cluster of [a, b]) await bridge.createTopic(cluster, 'orders', { partitions: 2 })
    ofA.push(...(await write(bridge, a, 'orders', { name: 'early A' })))
    ofB.push(...(await write(bridge, b, 'orders', { name: 'early B' })))
    mirror = await startMirror({ source: a, target: b, properties: topologyOf({ A: a, B: b }, ['A->B', 'B->A']) })
    await Promise.all([bridge.awaitRecords(b, 'A.orders', 100), bridge.awaitRecords(a, 'B.orders', 100)])
    ofA.push(...(await write(bridge, a, 'orders', { name: 'late A' })))
    ofB.push(...(await write(bridge, b, 'orders', { name: 'late B' })))
    await Promise.all([bridge.awaitRecords(b, 'A.orders', 200), bridge.awaitRecords(a, 'B.orders', 200)])
    for (const look of ['look-1', 'look-2']) {
      await awaitRefresh(bridge, look, [
        [a, b, `A.${look}`],
        [b, a, `B.${look}`],
      ])
    }
  })
  after(async () => {
    await mirror?.stop()
    await Promise.all([a?.stop(), b?.stop(), bridge?.close()])
  })

  test('have their own topics and one copy of each of the other’s: nothing comes back under a longer name', async () => {
    const own = ['heartbeats', 'look-1', 'look-2', 'orders']
    const withCopiesFrom = (alias: string): readonly string[] => [...own.map(topic => `${alias}.${topic}`), ...own].sort()
    const isThere = (topic: string) => (topics: readonly string[]) => topics.includes(topic)
    assert.deepEqual(
      await eventually('heartbeats of B on A', () => topicsOf(bridge, a), isThere('B.heartbeats')),
      withCopiesFrom('B'),
    )
    assert.deepEqual(
      await eventually('heartbeats of A on B', () => topicsOf(bridge, b), isThere('A.heartbeats')),
      withCopiesFrom('A'),
    )
  })

  test('hold each record once: their own, and those of the other', async () => {
    assert.deepEqual(await valuesOf(bridge, a, 'orders'), ofA.toSorted())
    assert.deepEqual(await valuesOf(bridge, b, 'orders'), ofB.toSorted())
    for (const [from, to, targetTopic] of [
      [a, b, 'A.orders'],
      [b, a, 'B.orders'],
    ] as const) {
      const comparison = await bridge.compare(from, to, 'orders', { targetTopic })
      assert.deepEqual([comparison.equal, comparison.source], [true, 200], JSON.stringify(comparison))
    }
  })

  test('let a consumer of one pattern see the records of both sites, each once, on either of them', async () => {
    const pattern = '([^.]+\\.)?orders'
    const under = (topic: string, values: readonly string[]): readonly string[] => values.map(value => `${topic} ${value}`)
    assert.deepEqual(await readAll(bridge, a, pattern, 400), [...under('orders', ofA), ...under('B.orders', ofB)].sort())
    assert.deepEqual(await readAll(bridge, b, pattern, 400), [...under('orders', ofB), ...under('A.orders', ofA)].sort())
  })

  test('tell applications of each other, one hop away', async t => {
    await Promise.all([bridge.awaitRecords(a, 'B.heartbeats', 1), bridge.awaitRecords(b, 'A.heartbeats', 1)])
    for (const [cluster, here, there] of [
      [a, 'A', 'B'],
      [b, 'B', 'A'],
    ] as const) {
      const client = new MirrorClient({ 'bootstrap.servers': cluster.bootstrapServers })
      t.after(() => client.close())
      assert.deepEqual(await client.upstreamClusters(), [there])
      assert.deepEqual([await client.replicationHops(there), await client.replicationHops(here)], [1, -1])
      assert.deepEqual(
        await client.remoteTopics(),
        ['heartbeats', 'look-1', 'look-2', 'orders'].map(topic => `${there}.${topic}`),
      )
    }
  })

  test('are copied without an error', () => {
    assert.deepEqual(
      mirror.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message),
      [],
    )
  })
})
