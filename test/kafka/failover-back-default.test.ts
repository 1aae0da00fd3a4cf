import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type DumpedRecord, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { expectedOffsets, ofPartition } from './expected-offsets.ts'
import { messageOf, named, outcomeOf, Pair, readOn, valuesIn } from './failover-commands.ts'

describe('there and back where copies have the name of their source', { concurrency: false, timeout: 150_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let pair: Pair
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    pair = new Pair(a, b, {})
  })
  after(async () => {
    pair?.remove()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  const clusterOf = (alias: string): KafkaCluster => (alias === 'A' ? a : b)

  /** Copies with these flows until the named topics have so many records, then stops. */
  async function mirror(flows: readonly string[], ...expected: readonly (readonly [string, string, number])[]): Promise<void> {
    const running = await pair.mirror(...flows)
    for (const [alias, topic, count] of expected) await bridge.awaitRecords(clusterOf(alias), topic, count)
    await running.stop()
  }

  const values = (name: string, count: number): string[] => named(name, count).map(({ value }) => value)

  test('A to B and home again, twice: every group goes on at the right record of both topics, and reads each once', async () => {
    const group = 'swing-g'
    await bridge.createTopic(a, 'swing')
    await bridge.createTopic(b, 'swing')
    const read: string[] = []
    const readSome = async (alias: string, count: number): Promise<void> => {
      const topics = ['swing', alias === 'A' ? 'B.swing' : 'A.swing']
      read.push(...(await readOn(bridge, clusterOf(alias), { group, topics, count, reset: 'earliest' })))
    }
    await bridge.produce(a, 'swing', named('a', 100))
    await mirror(['A->B'], ['B', 'A.swing', 100])
    await readSome('A', 60)

    await pair.expect(0, 'failover', 'A->B', '--group', group, '--apply')
    await bridge.produce(b, 'swing', named('b', 50))
    await readSome('B', 75)

    const first = await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    assert.equal(first.status, 'waiting')
    assert.match(messageOf(first, 'waiting'), /swing-g \(swing-0\); start the mirror with B->A\.enabled = true/)
    await mirror(['A->B', 'B->A'], ['A', 'B.swing', 50])
    const home = await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    assert.equal(home.status, 'applied')
    assert.ok(home.groups[0]!.partitions.every(({ exactness }) => exactness === 'exact'))
    assert.deepEqual(home.groups[0]!.partitions.map(({ topic, targetTopic }) => [topic, targetTopic]).sort(), [
      ['A.swing', 'swing'],
      ['swing', 'B.swing'],
    ])
    await bridge.produce(a, 'swing', named('c', 30))
    await readSome('A', 20)
    await mirror(['A->B', 'B->A'], ['B', 'A.swing', 130])

    await pair.expect(0, 'failover', 'A->B', '--group', group, '--apply')
    await bridge.produce(b, 'swing', named('d', 20))
    await readSome('B', 30)
    await mirror(['A->B', 'B->A'], ['A', 'B.swing', 70])
    await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    await readSome('A', 15)

    const all = [...values('a', 100), ...values('b', 50), ...values('c', 30), ...values('d', 20)].sort()
    assert.deepEqual(read.sort(), all)
    assert.deepEqual(await valuesIn(bridge, a, 'swing'), [...values('a', 100), ...values('c', 30)])
    assert.deepEqual(await valuesIn(bridge, b, 'swing'), [...values('b', 50), ...values('d', 20)])
  })

  test('groups at every kind of offset of a topic of transactions go there and back exactly, groups of KIP-848 too', async () => {
    await bridge.createTopic(a, 'tx')
    await bridge.writeTransactions(a, 'tx', { transactions: 15, recordsPerTransaction: 20, seed: 7 })
    const end = (await bridge.offsets(a, 'tx'))[0]!.latest
    const originals = await bridge.dump(a, 'tx')
    await mirror(['A->B'], ['B', 'A.tx', originals.length])
    const copies: DumpedRecord[] = await bridge.dump(b, 'A.tx')
    const expected = expectedOffsets(ofPartition(originals, 0), ofPartition(copies, 0), end)
    const groups = Array.from({ length: 21 }, (_, i) => ({ group: `tx-${i}`, offset: Math.floor((end * i) / 20) }))
    for (const { group, offset } of groups) {
      await bridge.alterGroupOffsets(a, group, [{ topic: 'tx', partition: 0, offset, metadata: group }])
    }
    const consumer = bridge.consume(a, {
      group: 'tx-new',
      topics: ['tx'],
      protocol: 'consumer',
      count: 33,
      isolation: 'read_committed',
    })
    await consumer.done
    const names = [...groups.map(({ group }) => group), 'tx-new'].flatMap(group => ['--group', group])
    await pair.expect(0, 'failover', 'A->B', ...names, '--apply')
    for (const { group, offset } of groups) {
      const [set] = await bridge.groupOffsets(b, group)
      assert.deepEqual([set?.offset, set?.metadata], [expected[offset], group])
    }
    const onB = bridge.consume(b, { group: 'tx-new', topics: ['A.tx'], protocol: 'consumer', reset: 'none', count: 7 })
    await onB.done
    assert.deepEqual(
      [...consumer.records, ...onB.records].map(({ value }) => value),
      originals.slice(0, 40).map(({ value }) => `${value}`),
    )
    const back = await pair.expect(0, 'failback', 'A->B', ...names, '--apply')
    assert.deepEqual([back.status, outcomeOf(back, 'exactness')], ['applied', 'ok'])
    const onA = bridge.consume(a, { group: 'tx-new', topics: ['tx'], reset: 'none', isolation: 'read_committed' })
    await onA.awaitRecords(originals.length - 40)
    await onA.stop()
    assert.deepEqual(
      onA.records.map(({ value }) => value),
      originals.slice(40).map(({ value }) => `${value}`),
    )
  })

  test('consumers that still run on B stay where they are', async () => {
    await bridge.createTopic(a, 'staying')
    await bridge.produce(a, 'staying', named('a', 10))
    await mirror(['A->B'], ['B', 'A.staying', 10])
    const consumer = bridge.consume(b, { group: 'staying-g', topics: ['A.staying'] })
    await consumer.awaitRecords(10)
    const refused = await pair.expect(5, 'failback', 'A->B', '--group', 'staying-g', '--apply')
    assert.match(messageOf(refused, 'groups-stopped'), /consumers still run on B in staying-g \(Stable\)/)
    assert.deepEqual(await bridge.groupOffsets(a, 'staying-g'), [])
    await consumer.stop()
  })
})
