import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MirrorClient } from '../../connectors/mirror/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'
import { IDENTITY, named, Pair } from './failover-commands.ts'
import { Members } from './failover-members.ts'

describe('a FailoverConsumer where topics keep their names', { timeout: 120_000 }, () => {
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

  const valuesOf = (name: string, count: number): string[] => named(name, count).map(({ value }) => value)

  test('one flow at a time: there when the source is killed, back by isthmus failback and moveTo, each record read once', async t => {
    await bridge.createTopic(a, 'kept')
    await bridge.produce(a, 'kept', named('first', 120))
    const there = await pair.mirror('A->B')
    t.after(() => there.stop())
    const identity = (cluster: KafkaCluster) => ({ 'bootstrap.servers': cluster.bootstrapServers, ...IDENTITY })
    const members = new Members([a, b], {
      group: 'kept-g',
      topics: ['kept'],
      clusters: { A: identity(a), B: identity(b) },
    })
    t.after(() => members.stop())
    members.start(2)
    await members.awaitSeen(valuesOf('first', 120))
    await bridge.awaitRecords(b, 'kept', 120)
    await members.stop()
    const client = new MirrorClient(identity(b), {})
    const ask = () => client.remoteConsumerOffsets('kept-g', 'A').catch(() => [])
    await eventually('its checkpoint', ask, ([first]) => first?.offset === 120)
    await client.close()

    await a.brokers[0]!.kill()
    await there.stop()
    members.start(2)
    await members.allOn('B')
    await bridge.produce(b, 'kept', named('away', 50))
    await members.awaitSeen(valuesOf('away', 50))
    assert.deepEqual(members.repeated, [])

    await a.brokers[0]!.start()
    await pair.expect(0, 'failback', 'A->B', '--apply', '--start-only')
    const back = await pair.mirror('B->A')
    t.after(() => back.stop())
    await bridge.awaitRecords(a, 'kept', 170)
    await members.members[0]!.moveTo('A')
    await members.allOn('A')
    await bridge.produce(a, 'kept', named('home', 30))
    await members.awaitSeen(valuesOf('home', 30))
    assert.deepEqual(members.repeated, [])
    await members.stop()
    await back.stop()
  })

  test('an automatic failback is refused: it would need flows both ways', () => {
    const clusters = { A: IDENTITY, B: IDENTITY }
    const servers = { 'bootstrap.servers': '127.0.0.1:1' }
    const both = { A: { ...clusters.A, ...servers }, B: { ...clusters.B, ...servers } }
    const members = new Members([a, b], { group: 'g', topics: ['kept'], clusters: both, failback: 'automatic' })
    assert.throws(() => members.add(), /failback = automatic: topics keep their names, .* isthmus failback, then call moveTo/)
  })
})
