import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type Bridge, type KafkaCluster, type OutgoingRecord, startBridge, startCluster } from '../kafka-tool/index.ts'
import { assertLag, lagNow } from './bracketed-lag.ts'
import { eventually } from './eventually.ts'
import { FiguresOverTime } from './figures-over-time.ts'
import { assertAge, sum, writtenMs } from './independent-counts.ts'
import { loadFor } from './load.ts'
import { flowLag, ofPartition, WatchedMirror } from './watched-mirror.ts'

/** How old what is shown may be where nothing is read: a look at the source a second, and what it takes on a busy machine. */
const STALE_MS = 4_000
const VALUE_BYTES = 2_000
/** Reading stops soon when the target takes nothing. */
const SMALL_WINDOW = { 'isthmus.window.bytes': '1048576', 'isthmus.fetch.max.bytes': '65536' }

describe('lag by the figures of a mirror and by the brokers', { concurrency: false, timeout: 300_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  const start = (t: TestContext, topics: string, more: Readonly<Record<string, string>> = {}): Promise<WatchedMirror> =>
    WatchedMirror.start(t, { source, target }, { topics, more })

  const ends = async (topic: string): Promise<number[]> => (await bridge.offsets(source, topic)).map(({ latest }) => latest)

  /** All of a topic is on the target, and that is stored there. The broker comes back with the test at the latest. */
  async function withoutTarget(t: TestContext, mirror: WatchedMirror): Promise<() => Promise<void>> {
    const ofTask = { connector: 'MirrorSourceConnector', task: '0' }
    await mirror.scraped('offsets stored', shown => {
      const [acked, stored] = ['activity', 'commit'].map(what =>
        shown.value(`isthmus_task_last_${what}_timestamp_seconds`, ofTask),
      )
      return stored! > acked!
    })
    return away(t, target)
  }

  test('while the target is away: records, bytes and age of what waits, and nothing once it is back', async t => {
    await bridge.createTopic(source, 'waiting', { partitions: 3 })
    await bridge.produce(source, 'waiting', same(900, 3))
    const mirror = await start(t, 'waiting', SMALL_WINDOW)
    await mirror.caughtUp(900)
    const copied = await ends('waiting')
    const copiedBytes = await bridge.logSizes(source, 'waiting')
    const back = await withoutTarget(t, mirror)
    const load = await loadFor(t, bridge, source, 'waiting', { partitions: 3, rate: 300, valueBytes: VALUE_BYTES })
    for (let moment = 0; moment < 5; moment++) {
      const before = (moment === 0 ? 0 : flowLag(await mirror.scrape())) ?? 0
      await mirror.scraped('more records wait', shown => (flowLag(shown) ?? 0) > before + 200)
      await assertLag(mirror, { bridge, source, topic: 'waiting', copied, staleMs: STALE_MS })
    }
    const { acknowledged } = await load.stop()
    const waiting = sum(acknowledged)
    const shown = await mirror.scraped(`${waiting} records wait`, one => flowLag(one) === waiting)
    const afterMs = Date.now()
    const told = await mirror.scrape()
    const beforeMs = Date.now()
    const oldest = await Promise.all(copied.map(async (from, p) => writtenMs(await bridge.batches(source, 'waiting', p), from)))
    const ages = copied.map((_, p) => ofPartition(told, 'oldest_uncopied_age_seconds', 'waiting', p)! * 1000)
    for (const [p, age] of ages.entries()) assertAge(age, oldest[p]!, [afterMs, beforeMs])
    assertAge(told.value('isthmus_flow_oldest_uncopied_age_seconds')! * 1000, Math.min(...oldest), [afterMs, beforeMs])
    const sizes = await bridge.logSizes(source, 'waiting')
    for (const [partition, records] of acknowledged.entries()) {
      assert.equal(ofPartition(shown, 'lag_records', 'waiting', partition), records)
      const bytes = sizes[partition]! - copiedBytes[partition]!
      const share = ofPartition(shown, 'lag_bytes', 'waiting', partition)! / bytes
      assert.ok(share > 0.8 && share < 1.25, `${100 * share} % of ${bytes} bytes: estimated by the records that were read`)
    }
    const over = new FiguresOverTime(mirror)
    await back()
    const healed = await mirror.caughtUp(900 + waiting, 60_000)
    const dips = (await over.stop()).filter(({ lag, records }) => lag !== undefined && lag + records < 900 + waiting)
    assert.deepEqual(dips, [], 'what waits goes on waiting until it is copied')
    assert.equal(healed.value('isthmus_flow_oldest_uncopied_age_seconds'), 0)
    assert.deepEqual(
      await ends('waiting'),
      (await bridge.offsets(target, 'A.waiting')).map(({ latest }) => latest),
    )
  })

  test('records that are deleted at the source while they wait, lag no more', async t => {
    await bridge.createTopic(source, 'deleted', { partitions: 2 })
    await bridge.produce(source, 'deleted', same(200, 2))
    const mirror = await start(t, 'deleted', SMALL_WINDOW)
    await mirror.caughtUp(200)
    const copied = await ends('deleted')
    const back = await withoutTarget(t, mirror)
    await bridge.produce(source, 'deleted', same(4_000, 2), { batchBytes: 20_000 })
    await mirror.scraped('4000 records wait', shown => flowLag(shown) === 4_000)
    for (const partition of [0, 1]) await bridge.deleteRecords(source, 'deleted', partition, 2_000)
    const [left = 0] = await lagNow(bridge, source, 'deleted', copied)
    assert.equal(left, 100)
    const shown = await mirror.scraped('the deleted ones do not wait', one => flowLag(one)! < 2_000, STALE_MS)
    const held = sum([0, 1].map(p => ofPartition(shown, 'lag_records', 'deleted', p)!)) - 2 * left
    const most = Number(SMALL_WINDOW['isthmus.window.bytes']) / VALUE_BYTES
    assert.ok(held >= 0 && held <= most, `besides ${2 * left} there are ${held} that were read before`)
    await back()
    await mirror.scraped('nothing waits', one => flowLag(one) === 0, 60_000)
    const lost = (one: typeof shown): number => sum([0, 1].map(p => ofPartition(one, 'lost_records_total', 'deleted', p)!))
    const end = await mirror.scrape()
    const arrived = sum((await bridge.offsets(target, 'A.deleted')).map(({ latest }) => latest))
    assert.equal(arrived + lost(end), 4_200, 'each is on the target or counted as lost')
  })

  test('with open transactions the lag is up to the first of them, as read_committed reads', async t => {
    await bridge.createTopic(source, 'open')
    await bridge.produce(source, 'open', same(100, 1))
    const mirror = await start(t, 'open')
    await mirror.caughtUp(100)
    const back = await withoutTarget(t, mirror)
    const { open } = await bridge.writeTransactions(source, 'open', { transactions: 10, leaveOpen: true })
    await bridge.produce(source, 'open', same(50, 1))
    const [stable, all] = await Promise.all(
      (['read_committed', 'read_uncommitted'] as const).map(isolation => lagNow(bridge, source, 'open', [100], isolation)),
    )
    assert.ok(open > 0 && stable![0]! + open <= all![0]!, `${stable} of ${all}`)
    const records = (await bridge.dump(source, 'open', { isolation: 'read_committed' })).length - 100
    const shown = await mirror.scraped('what is committed waits', one => flowLag(one)! >= records, STALE_MS)
    const lag = flowLag(shown)!
    assert.ok(lag >= records && lag <= stable![0]!, `${records} records in ${stable} offsets, shown are ${lag}`)
    await back()
    await mirror.caughtUp(100 + records, 60_000)
    const [copy] = await bridge.offsets(target, 'A.open')
    assert.equal(copy?.latest, 100 + records)
  })

  test('of a compacted topic: between the records that are left and the offsets they lie in', async t => {
    const config = {
      'cleanup.policy': 'compact',
      'segment.ms': '1000',
      'min.cleanable.dirty.ratio': '0.001',
      'max.compaction.lag.ms': '1',
    }
    await bridge.createTopic(source, 'compacted', { config })
    await bridge.produce(source, 'compacted', [{ key: 'first', value: 'x' }])
    const mirror = await start(t, 'compacted')
    await mirror.caughtUp(1)
    const back = await withoutTarget(t, mirror)
    for (let round = 0; round < 3; round++) {
      const records = Array.from({ length: 300 }, (_, i) => ({ key: `k${i % 20}`, value: i % 20 === 0 ? null : `${round} ${i}` }))
      await bridge.produce(source, 'compacted', records, { batchBytes: 1_000 })
    }
    const count = async (): Promise<number> => {
      await bridge.produce(source, 'compacted', [{ key: 'last', value: 'rolls the segment' }])
      return sum((await bridge.batches(source, 'compacted', 0)).map(batch => batch.count))
    }
    await eventually('the log is compacted', count, left => left < 300)
    const [offsets = 0] = await lagNow(bridge, source, 'compacted', [1])
    const records = (await bridge.dump(source, 'compacted')).length - 1
    const shown = await mirror.scraped('what is left waits', one => flowLag(one)! > 0 && flowLag(one)! <= offsets, STALE_MS)
    assert.ok(flowLag(shown)! >= records, `${records} records in ${offsets} offsets, shown are ${flowLag(shown)}`)
    await back()
    const healed = await mirror.scraped('nothing waits', one => flowLag(one) === 0, 60_000)
    assert.equal((await bridge.offsets(target, 'A.compacted'))[0]?.latest, ofPartition(healed, 'records_total', 'compacted', 0))
    const ages = healed.value('kafka_connect_mirror_mirrorsourceconnector_replication_latency_ms_min', { topic: 'A.compacted' })
    assert.ok(ages! >= 0, `no record arrives before it was written: ${ages} ms`)
  })

  test('a lag of 0 is shown only where nothing waits: from the start on, when a partition is added, without the source', async t => {
    await bridge.createTopic(source, 'moments', { partitions: 4 })
    await bridge.produce(source, 'moments', same(20_000, 4))
    const mirror = await start(t, 'moments', { 'tasks.max': '2', 'refresh.topics.interval.seconds': '1' })
    const over = new FiguresOverTime(mirror)
    await mirror.caughtUp(20_000)
    await bridge.createPartitions(source, 'moments', 5)
    await bridge.produce(
      source,
      'moments',
      Array.from({ length: 500 }, () => ({ partition: 4, value: 'y' })),
    )
    await mirror.scraped('all of five partitions', one => one.value('isthmus_flow_partitions') === 5 && flowLag(one) === 0)
    const moments = await over.stop()
    const wrong = moments.filter(({ lag, records, partitions }) => lag === 0 && records < (partitions < 5 ? 20_000 : 20_500))
    assert.deepEqual(wrong, [], `of ${moments.length} moments`)

    const back = await away(t, source)
    const unknown = await mirror.scraped('nobody knows', one => flowLag(one) === undefined)
    assert.equal(unknown.value('isthmus_flow_partitions'), 5)
    await back()
    await bridge.produce(source, 'moments', same(400, 4))
    await mirror.caughtUp(20_900, 60_000)
  })
})

async function away(t: TestContext, cluster: KafkaCluster): Promise<() => Promise<void>> {
  const [broker] = cluster.brokers
  await broker!.kill()
  const back = async (): Promise<void> => {
    if (broker!.pid === undefined) await broker!.start()
  }
  t.after(back)
  return back
}

/** Records of one size. */
function same(count: number, partitions: number): OutgoingRecord[] {
  return Array.from({ length: count }, (_, i) => ({ partition: i % partitions, value: 'x'.repeat(VALUE_BYTES) }))
}
