import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { storeOffsets } from './dedicated-mirror.ts'
import { eventually } from './eventually.ts'
import { committedIn, IDENTITY, messageOf, named, outcomeOf, Pair, readOn, valuesIn } from './failover-commands.ts'

describe('there and back where topics keep their names', { concurrency: false, timeout: 170_000 }, () => {
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

  const clusterOf = (alias: string): KafkaCluster => (alias === 'A' ? a : b)

  /** Copies with this flow alone until the target has so many records of a topic, then stops. */
  async function mirror(flow: string, topic: string, count: number): Promise<void> {
    const running = await pair.mirror(flow)
    await bridge.awaitRecords(clusterOf(flow.at(-1)!), topic, count)
    await running.stop()
  }

  const values = (name: string, count: number): string[] => named(name, count).map(({ value }) => value)

  test('A to B, back to A, to B and back again, records on each side in each phase: nothing comes back twice, nothing is missing, each record is read once', async () => {
    const topic = 'swing'
    const group = 'swing-g'
    await bridge.createTopic(a, topic)
    const read: string[] = []
    const readSome = async (alias: string, count: number, reset: 'none' | 'earliest' = 'none'): Promise<void> => {
      read.push(...(await readOn(bridge, clusterOf(alias), { group, topics: [topic], count, reset })))
    }
    await bridge.produce(a, topic, named('a', 100))
    await mirror('A->B', topic, 100)
    await readSome('A', 70, 'earliest')

    // A is left for B.
    await pair.expect(0, 'failover', 'A->B', '--group', group, '--apply')
    await bridge.produce(b, topic, named('b', 50))
    await readSome('B', 50)

    // And back: the start is set at once, the group when its records have been copied.
    const planned = await pair.expect(0, 'failback', 'A->B', '--group', group, '--plan')
    assert.deepEqual(
      planned.starts.filter(start => start.topic === topic),
      [{ topic, partition: 0, now: 0, toBe: 100, action: 'set' }],
    )
    assert.equal(await committedIn(bridge, a, group, topic), 70, 'a plan sets nothing')
    const first = await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    assert.deepEqual([first.status, first.waiting], ['waiting', [group]])
    assert.match(
      messageOf(first, 'waiting'),
      /start the mirror with B->A\.enabled = true, wait until it has caught up, and run this again/,
    )
    assert.equal(await committedIn(bridge, a, group, topic), 70)
    await mirror('B->A', topic, 150)
    const second = await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    assert.deepEqual([second.status, second.groups[0]!.partitions[0]!.targetOffset], ['applied', 120])
    await bridge.produce(a, topic, named('c', 30))
    await readSome('A', 45)

    // Once more to B: now B->A is the flow that is turned round.
    await pair.expect(0, 'failback', 'B->A', '--group', group, '--apply')
    await mirror('A->B', topic, 180)
    const third = await pair.expect(0, 'failback', 'B->A', '--group', group, '--apply')
    assert.deepEqual([third.status, third.groups[0]!.partitions[0]!.exactness], ['applied', 'exact'])
    await bridge.produce(b, topic, named('d', 20))
    await readSome('B', 25)

    // And home.
    await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    await mirror('B->A', topic, 200)
    const last = await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    assert.equal(last.status, 'applied')
    const again = await pair.expect(0, 'failback', 'A->B', '--group', group, '--apply')
    assert.deepEqual([again.status, again.groups[0]!.partitions[0]!.action], ['applied', 'there'])
    await readSome('A', 10)

    const all = [...values('a', 100), ...values('b', 50), ...values('c', 30), ...values('d', 20)]
    assert.deepEqual(await valuesIn(bridge, a, topic), all)
    assert.deepEqual(await valuesIn(bridge, b, topic), all)
    assert.deepEqual(read, all)
  })

  test('what A had and B never got is counted, listed and refused before anything is changed; forced, it stays where it is', async () => {
    const topic = 'rest'
    await bridge.createTopic(a, topic, { partitions: 2 })
    const both = (name: string, count: number) =>
      [0, 1].flatMap(partition => named(`${name}${partition}`, count).map(record => ({ ...record, partition })))
    await bridge.produce(a, topic, both('a', 20))
    await mirror('A->B', topic, 40)
    await bridge.produce(a, topic, named('rest', 5))
    await bridge.produce(b, topic, both('b', 10))
    await bridge.alterGroupOffsets(b, 'rest-g', [
      { topic, partition: 0, offset: 12 },
      { topic, partition: 1, offset: 25 },
    ])
    const refused = await pair.expect(5, 'failback', 'A->B', '--group', 'rest-g', '--apply')
    assert.deepEqual(refused.neverCopied, [{ topic, partition: 0, firstOffset: 20, lastOffset: 24, records: 5 }])
    assert.match(messageOf(refused, 'never-copied'), /up to 5 records that A had never got to B: rest-0 20 to 24\. /)
    assert.deepEqual(await bridge.groupOffsets(a, 'rest-g'), [])
    const planned = await pair.expect(5, 'failback', 'A->B', '--group', 'rest-g', '--plan')
    assert.equal(planned.starts.filter(start => start.topic === topic && start.now === 0).length, 2, 'no start was set')
    const forced = await pair.expect(0, 'failback', 'A->B', '--group', 'rest-g', '--apply', '--force')
    assert.deepEqual([forced.status, outcomeOf(forced, 'never-copied')], ['waiting', 'forced'])
    await mirror('B->A', topic, 65)
    const applied = await pair.expect(0, 'failback', 'A->B', '--group', 'rest-g', '--apply')
    assert.deepEqual([applied.status, applied.neverCopied], ['applied', []])
    const offsets = await bridge.groupOffsets(a, 'rest-g')
    assert.deepEqual(offsets.map(({ partition, offset }) => [partition, offset]).sort(), [
      [0, 12],
      [1, 25],
    ])
    const onA = (await bridge.dump(a, topic)).map(({ value }) => `${value}`).sort()
    assert.deepEqual(onA, [...both('a', 20), ...named('rest', 5), ...both('b', 10)].map(({ value }) => value).sort())
  })

  test('records produced on B among those from A are told and refused; forced, none is lost', async () => {
    const topic = 'mixed'
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, named('a', 10))
    await mirror('A->B', topic, 10)
    await bridge.produce(b, topic, named('b', 4))
    await bridge.produce(a, topic, named('late', 3))
    await mirror('A->B', topic, 17)
    await bridge.alterGroupOffsets(b, 'mixed-g', [{ topic, partition: 0, offset: 5 }])
    const refused = await pair.expect(5, 'failback', 'A->B', '--group', 'mixed-g', '--apply')
    assert.match(
      messageOf(refused, 'in-order'),
      /up to 4 records were written on B between records that came from A: mixed-0 10 to 13\. /,
    )
    await pair.expect(0, 'failback', 'A->B', '--group', 'mixed-g', '--apply', '--force')
    await mirror('B->A', topic, 20)
    const onA = new Set(await valuesIn(bridge, a, topic))
    assert.deepEqual([...onA].sort(), [...values('a', 10), ...values('b', 4), ...values('late', 3)].sort())
  })

  test('what a crash of the mirror copied twice is known to come from A: nothing is copied back', async () => {
    const topic = 'repeated'
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, named('a', 100))
    await mirror('A->B', topic, 100)
    await storeOffsets(b, topic, [89])
    await bridge.produce(a, topic, named('a', 20, 100))
    await mirror('A->B', topic, 130)
    await bridge.produce(b, topic, named('b', 10))
    await bridge.alterGroupOffsets(b, 'repeated-g', [{ topic, partition: 0, offset: 135 }])
    const first = await pair.expect(0, 'failback', 'A->B', '--group', 'repeated-g', '--apply')
    assert.deepEqual(first.starts.filter(start => start.topic === topic)[0]?.toBe, 130)
    await mirror('B->A', topic, 130)
    await pair.expect(0, 'failback', 'A->B', '--group', 'repeated-g', '--apply')
    assert.equal(await committedIn(bridge, a, 'repeated-g', topic), 125)
    assert.deepEqual(await valuesIn(bridge, a, topic), [...values('a', 120), ...values('b', 10)])
  })

  test('back home, A->B is started again while consumers run on A, and copies only what B does not have', async () => {
    const topic = 'home'
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, named('a', 20))
    await mirror('A->B', topic, 20)
    await bridge.produce(b, topic, named('b', 10))
    await pair.expect(0, 'failback', 'A->B', '--start-only', '--apply')
    await mirror('B->A', topic, 30)
    const consumer = bridge.consume(a, { group: 'home-g', topics: [topic] })
    await consumer.awaitRecords(30)
    await bridge.produce(a, topic, named('c', 5))
    const report = await pair.expect(0, 'failback', 'B->A', '--start-only', '--apply')
    assert.deepEqual([report.status, report.groups], ['applied', []])
    await mirror('A->B', topic, 35)
    const all = [...values('a', 20), ...values('b', 10), ...values('c', 5)]
    assert.deepEqual(await valuesIn(bridge, b, topic), all)
    assert.deepEqual(await valuesIn(bridge, a, topic), all)
    await consumer.awaitRecords(35)
    await consumer.stop()
    await pair.expect(0, 'failover', 'A->B', '--group', 'home-g', '--apply')
    await bridge.produce(b, topic, named('d', 1))
    assert.deepEqual(await readOn(bridge, b, { group: 'home-g', topics: [topic], count: 1 }), values('d', 1))
  })

  test('a topic of B alone is copied whole, and its groups go along', async () => {
    const topic = 'own'
    await bridge.createTopic(b, topic)
    await bridge.produce(b, topic, named('b', 30))
    await bridge.alterGroupOffsets(b, 'own-g', [{ topic, partition: 0, offset: 12 }])
    const first = await pair.expect(0, 'failback', 'A->B', '--group', 'own-g', '--apply')
    assert.deepEqual([first.status, first.starts.filter(start => start.topic === topic)], ['waiting', []])
    await mirror('B->A', topic, 30)
    await pair.expect(0, 'failback', 'A->B', '--group', 'own-g', '--apply')
    assert.equal(await committedIn(bridge, a, 'own-g', topic), 12)
    assert.deepEqual(await valuesIn(bridge, a, topic), values('b', 30))
  })

  test('while the mirror still copies A->B nothing is set, forced or not', async () => {
    const topic = 'running'
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, named('a', 10))
    const onlyThere = new Pair(a, b, { ...IDENTITY, 'A->B.enabled': 'true' })
    const running = await onlyThere.mirror('A->B')
    await bridge.awaitRecords(b, topic, 10)
    await bridge.alterGroupOffsets(b, 'running-g', [{ topic, partition: 0, offset: 5 }])
    const refused = await onlyThere.expect(5, 'failback', 'A->B', '--group', 'running-g', '--apply', '--force')
    assert.match(messageOf(refused, 'stopped A->B'), /a process is in group A-mm2 on B, so A->B is being copied: stop the mirror/)
    assert.equal(await committedIn(bridge, a, 'running-g', topic), undefined)
    await running.stop()
    await eventually(
      'A->B to be stopped',
      async () => outcomeOf((await onlyThere.run('failback', 'A->B', '--group', 'running-g', '--plan')).report, 'stopped A->B'),
      outcome => outcome === 'ok',
    )
    onlyThere.remove()
  })
})
