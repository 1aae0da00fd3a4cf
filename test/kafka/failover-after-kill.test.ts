import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { IDENTITY, messageOf, named, Pair, readOn, valuesIn } from './failover-commands.ts'

describe('a cluster that dies and comes back', { concurrency: false, timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let pair: Pair
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    pair = new Pair(a, b, IDENTITY)
  })
  after(async () => {
    pair?.remove()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  const values = (name: string, count: number): string[] => named(name, count).map(({ value }) => value)

  test('A dies with records that B never got: groups go on at B, come home after A is back, and what was left behind is listed', async () => {
    const [topic, group] = ['orders', 'billing']
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, named('a', 100))
    const there = await pair.mirror('A->B')
    await bridge.awaitRecords(b, topic, 100)
    const read = await readOn(bridge, a, { group, topics: [topic], count: 80, reset: 'earliest' })
    const client = new MirrorClient({ 'bootstrap.servers': b.bootstrapServers, ...IDENTITY, 'source.cluster.alias': 'A' })
    await eventually(
      'the checkpoint',
      () => client.remoteConsumerOffsets(group, 'A').catch(() => []),
      offsets => offsets.some(({ offset }) => offset === 80),
    )
    await client.close()
    await there.stop()
    await bridge.produce(a, topic, named('left', 3))
    await Promise.all(a.brokers.map(broker => broker.kill()))

    const over = await pair.expect(0, 'failover', 'A->B', '--apply', '--timeout', '2')
    assert.deepEqual([over.positions, over.groups[0]!.partitions[0]!.exactness], ['checkpoints', 'exact'])
    await bridge.produce(b, topic, named('b', 50))
    read.push(...(await readOn(bridge, b, { group, topics: [topic], count: 45 })))

    await Promise.all(a.brokers.map(broker => broker.start()))
    const refused = await pair.expect(5, 'failback', 'A->B', '--group', group, '--apply')
    assert.deepEqual(refused.neverCopied, [{ topic, partition: 0, firstOffset: 100, lastOffset: 102, records: 3 }])
    assert.match(messageOf(refused, 'never-copied'), /up to 3 records that A had never got to B: orders-0 100 to 102/)
    await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply', '--force')
    const back = await pair.mirror('B->A')
    await bridge.awaitRecords(a, topic, 153)
    const home = await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    assert.equal(home.status, 'applied')
    await back.stop()
    read.push(...(await readOn(bridge, a, { group, topics: [topic], count: 25 })))
    assert.deepEqual(read, [...values('a', 100), ...values('b', 50)])
    assert.deepEqual(await valuesIn(bridge, a, topic), [...values('a', 100), ...values('left', 3), ...values('b', 50)])
    assert.deepEqual(await valuesIn(bridge, b, topic), [...values('a', 100), ...values('b', 50)])
  })
})
