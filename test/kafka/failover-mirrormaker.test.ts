import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster, startMirrorMaker } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { IDENTITY, messageOf, named, Pair, readOn, valuesIn } from './failover-commands.ts'
import { mirrorProperties } from './mirror-process.ts'

describe('what a Java MirrorMaker 2 has copied', { concurrency: false, timeout: 150_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let pair: Pair
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    pair = new Pair(a, b, IDENTITY)
    await bridge.createTopic(a, 'orders')
    await bridge.produce(a, 'orders', named('a', 100))
    await readOn(bridge, a, { group: 'billing', topics: ['orders'], count: 80, reset: 'earliest' })
    await readOn(bridge, a, { group: 'audit', topics: ['orders'], count: 100, reset: 'earliest' })
    const properties = mirrorProperties(a, b, {
      ...IDENTITY,
      'A->B.topics': 'orders',
      'emit.checkpoints.interval.seconds': '1',
      'refresh.groups.interval.seconds': '1',
      'offset.lag.max': '0',
      'B.offset.flush.interval.ms': '1000',
      'checkpoints.topic.replication.factor': '1',
    })
    const mirrorMaker = await startMirrorMaker({ properties })
    await bridge.awaitRecords(b, 'orders', 100, { timeoutMs: 60_000 })
    const client = new MirrorClient({ 'bootstrap.servers': b.bootstrapServers, ...IDENTITY, 'source.cluster.alias': 'A' })
    const awaitCheckpoint = (group: string, isEnough: (offset: number) => boolean) =>
      eventually(
        `a checkpoint of ${group}`,
        () => client.remoteConsumerOffsets(group, 'A').catch(() => []),
        ([found]) => found !== undefined && isEnough(found.offset),
      )
    await awaitCheckpoint('billing', () => true)
    await awaitCheckpoint('audit', offset => offset === 100)
    await client.close()
    await mirrorMaker.stop()
  })
  after(async () => {
    pair?.remove()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  test('is not copied back unseen: without an exact map a failback is refused, and no start is set', async () => {
    await bridge.produce(b, 'orders', named('b', 10))
    const refused = await pair.expect(5, 'failback', 'A->B', '--start-only', '--apply')
    assert.match(
      messageOf(refused, 'traced'),
      /the offset map does not tell where they are on B \(another program copied them.*: orders-0 0 to 99\./,
    )
    assert.deepEqual(
      await valuesIn(bridge, a, 'orders'),
      named('a', 100).map(({ value }) => value),
    )
  })

  test('serves for a failover, by its checkpoints alone when the source is gone: nothing is skipped', async () => {
    await Promise.all(a.brokers.map(broker => broker.kill()))
    const over = await pair.expect(0, 'failover', 'A->B', '--apply', '--timeout', '2')
    assert.deepEqual([over.positions, over.groups.map(({ group }) => group)], ['checkpoints', ['audit', 'billing']])
    const [audit, billing] = over.groups.map(({ partitions }) => partitions[0]!)
    assert.equal(audit!.targetOffset, 100)
    assert.ok(billing!.targetOffset! <= 80, `${billing!.targetOffset}`)
    assert.deepEqual(
      await readOn(bridge, b, { group: 'audit', topics: ['orders'], count: 10 }),
      named('b', 10).map(({ value }) => value),
    )
    const [first] = await readOn(bridge, b, { group: 'billing', topics: ['orders'], count: 1 })
    assert.equal(first, `a ${billing!.targetOffset}`)
  })
})
