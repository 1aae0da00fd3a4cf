import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { runCli } from './cli-process.ts'
import { eventually } from './eventually.ts'
import { committedIn, messageOf, named, outcomeOf, Pair, readOn } from './failover-commands.ts'

describe('failover while both clusters live', { concurrency: false, timeout: 120_000 }, () => {
  let a: KafkaCluster
  let b: KafkaCluster
  let bridge: Bridge
  let pair: Pair
  before(async () => {
    ;[a, b, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
    pair = new Pair(a, b, { 'A->B.enabled': 'true' })
  })
  after(async () => {
    pair?.remove()
    await Promise.all([bridge?.close(), a?.stop(), b?.stop()])
  })

  /** A topic of A with its copy on B, which then rests. */
  async function copied(topic: string, count = 100): Promise<void> {
    await bridge.createTopic(a, topic)
    await bridge.produce(a, topic, named(topic, count))
    const mirror = await pair.mirror('A->B')
    await bridge.awaitRecords(b, `A.${topic}`, count)
    await mirror.stop()
  }

  const set = (cluster: KafkaCluster, group: string, topic: string, offset: number) =>
    bridge.alterGroupOffsets(cluster, group, [{ topic, partition: 0, offset, metadata: 'mine' }])

  test('groups stopped cleanly go on at the target: each record is read exactly once, and a second run changes nothing', async () => {
    await copied('once')
    const onA = await readOn(bridge, a, { group: 'once-g', topics: ['once'], count: 40, reset: 'earliest' })
    const plan = await pair.expect(0, 'failover', 'A->B', '--group', 'once-g', '--plan')
    assert.equal(plan.status, 'planned')
    assert.equal(await committedIn(bridge, b, 'once-g', 'A.once'), undefined, 'a plan sets nothing')
    const [partition] = plan.groups[0]!.partitions
    assert.deepEqual(
      [
        partition!.topic,
        partition!.offset,
        partition!.lag,
        partition!.targetTopic,
        partition!.targetOffset,
        partition!.exactness,
      ],
      ['once', 40, 60, 'A.once', 40, 'exact'],
    )
    const applied = await pair.expect(0, 'failover', 'A->B', '--group', 'once-g', '--apply')
    assert.deepEqual([applied.status, applied.groups[0]!.partitions[0]!.action], ['applied', 'set'])
    const again = await pair.expect(0, 'failover', 'A->B', '--group', 'once-g', '--apply')
    assert.deepEqual([again.status, again.groups[0]!.partitions[0]!.action], ['applied', 'there'])
    const onB = await readOn(bridge, b, { group: 'once-g', topics: ['A.once'], count: 60 })
    assert.deepEqual(
      [...onA, ...onB],
      named('once', 100).map(({ value }) => value),
    )
  })

  test('offsets shows where groups stand, for programs and for people', async () => {
    await copied('shown')
    await set(a, 'shown-g', 'shown', 25)
    const { groups } = await pair.expect(0, 'offsets', 'A->B', '--group', 'shown-g')
    const [partition] = groups[0]!.partitions
    assert.deepEqual([partition!.offset, partition!.lag, partition!.targetOffset, partition!.exactness], [25, 75, 25, 'exact'])
    const { code, stdout } = await runCli('offsets', pair.file(), 'A:B', '--group', 'shown-g')
    assert.equal(code, 0)
    const [heading, row, ...more] = stdout.trimEnd().split('\n')
    assert.match(heading!, /^GROUP +PARTITION +OFFSET +LAG +ON B +OFFSET +EXACTNESS +NOW$/)
    assert.match(row!, /^shown-g +shown-0 +25 +75 +A\.shown-0 +25 +exact +-$/)
    assert.deepEqual(more, [])
  })

  test('a flow that has not caught up is refused: how many records, what to do, nothing is set; --force does it', async () => {
    await copied('late')
    await bridge.produce(a, 'late', named('late', 7, 100))
    await set(a, 'late-g', 'late', 50)
    const refused = await pair.expect(5, 'failover', 'A->B', '--group', 'late-g', '--apply')
    assert.deepEqual([refused.status, outcomeOf(refused, 'flow-caught-up')], ['refused', 'refused'])
    assert.match(messageOf(refused, 'flow-caught-up'), /up to 7 records of A are not on B yet: late-0 \(7\); stop the producers/)
    assert.equal(await committedIn(bridge, b, 'late-g', 'A.late'), undefined)
    const forced = await pair.expect(0, 'failover', 'A->B', '--group', 'late-g', '--apply', '--force')
    assert.deepEqual([forced.status, outcomeOf(forced, 'flow-caught-up')], ['applied', 'forced'])
    assert.equal(await committedIn(bridge, b, 'late-g', 'A.late'), 50)
  })

  test('consumers that still run on the source are named and refused; those on the target cannot even be forced', async () => {
    await copied('busy')
    const onA = bridge.consume(a, { group: 'busy-g', topics: ['busy'] })
    await onA.awaitRecords(100)
    const running = await pair.expect(5, 'failover', 'A->B', '--group', 'busy-g', '--apply')
    assert.match(messageOf(running, 'groups-stopped'), /consumers still run on A in busy-g \(Stable\)/)
    await onA.stop()
    const onB = bridge.consume(b, { group: 'busy-g', topics: ['A.busy'] })
    await onB.awaitRecords(100)
    const active = await pair.expect(5, 'failover', 'A->B', '--group', 'busy-g', '--apply', '--force')
    assert.equal(outcomeOf(active, 'target-groups-empty'), 'refused')
    assert.match(messageOf(active, 'target-groups-empty'), /consumers are in busy-g \(Stable\) on B, .*stop them first/)
    await onB.stop()
  })

  test('a group that is further on the target is not set back, unless forced', async () => {
    await copied('newer')
    await set(a, 'newer-g', 'newer', 30)
    await set(b, 'newer-g', 'A.newer', 60)
    const refused = await pair.expect(5, 'failover', 'A->B', '--group', 'newer-g', '--apply')
    assert.match(messageOf(refused, 'target-offsets'), /already further on B: newer-g in A\.newer-0 \(60, not 30\)/)
    assert.equal(await committedIn(bridge, b, 'newer-g', 'A.newer'), 60)
    await pair.expect(0, 'failover', 'A->B', '--group', 'newer-g', '--apply', '--force')
    assert.equal(await committedIn(bridge, b, 'newer-g', 'A.newer'), 30)
  })

  test('an offset that nothing is known of is refused, and with --force left out while the others are set', async () => {
    await copied('known')
    await bridge.createTopic(a, 'unknown')
    await bridge.produce(a, 'unknown', named('unknown', 10))
    await bridge.alterGroupOffsets(a, 'unknown-g', [
      { topic: 'known', partition: 0, offset: 20 },
      { topic: 'unknown', partition: 0, offset: 5 },
    ])
    const refused = await pair.expect(5, 'failover', 'A->B', '--group', 'unknown-g', '--apply')
    assert.match(messageOf(refused, 'translated'), /not known on B: unknown-g at 5 in unknown-0 \(no such partition there\)/)
    assert.deepEqual(await bridge.groupOffsets(b, 'unknown-g'), [])
    await pair.expect(0, 'failover', 'A->B', '--group', 'unknown-g', '--apply', '--force')
    const offsets = await bridge.groupOffsets(b, 'unknown-g')
    assert.deepEqual(
      offsets.map(({ topic, offset }) => [topic, offset]),
      [['A.known', 20]],
    )
  })

  test('what would lie past the end of a copy that was lost is refused', async () => {
    await copied('lost')
    await set(a, 'lost-g', 'lost', 90)
    await bridge.deleteTopic(b, 'A.lost')
    await bridge.createTopic(b, 'A.lost')
    const refused = await pair.expect(5, 'failover', 'A->B', '--group', 'lost-g', '--apply')
    assert.match(messageOf(refused, 'within-log'), /past the end of the log on B: lost-g at 90 in A\.lost-0, which ends at 0/)
    assert.equal(await committedIn(bridge, b, 'lost-g', 'A.lost'), undefined)
  })

  test('without the map offsets are low: it is shown how many records are read again at most, and nothing is skipped', async () => {
    await copied('low')
    await bridge.produce(b, 'A.low', [{ partition: 0, value: "somebody else's" }])
    await bridge.produce(a, 'low', named('low', 900, 100))
    const mirror = await pair.mirror('A->B')
    await bridge.awaitRecords(b, 'A.low', 1001)
    await mirror.stop()
    await set(a, 'low-g', 'low', 333)
    await bridge.deleteTopic(b, 'isthmus-offset-map.A.internal')
    await eventually(
      'the map is gone',
      () => bridge.listTopics(b),
      topics => !topics.includes('isthmus-offset-map.A.internal'),
    )
    const applied = await pair.expect(0, 'failover', 'A->B', '--group', 'low-g', '--apply')
    const [partition] = applied.groups[0]!.partitions
    assert.equal(partition!.exactness, 'low')
    assert.equal(outcomeOf(applied, 'exactness'), 'note')
    const values = await readOn(bridge, b, { group: 'low-g', topics: ['A.low'], count: 901 })
    const again = values.indexOf('low 333')
    assert.ok(again > 0 && again <= partition!.readAgainAtMost, `${again} read again, at most ${partition!.readAgainAtMost}`)
    assert.equal(values.at(-1), 'low 999')
  })

  test('an offset committed by a group that has read nothing stays at the beginning', async () => {
    await copied('nothing')
    await set(a, 'nothing-g', 'nothing', 0)
    await pair.expect(0, 'failover', 'A->B', '--group', 'nothing-g', '--apply')
    assert.equal(await committedIn(bridge, b, 'nothing-g', 'A.nothing'), 0)
  })
})
