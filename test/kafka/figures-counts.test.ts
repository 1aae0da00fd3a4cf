import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type Bridge, type Codec, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { bytesOfLast, type Counted, countedAt, sum } from './independent-counts.ts'
import { loadFor } from './load.ts'
import { SpanReceiver } from './otlp-spans.ts'
import type { Scrape } from './scrape.ts'
import { flowRecords, ofCopy, ofPartition, WatchedMirror } from './watched-mirror.ts'

const TOPICS: readonly { readonly topic: string; readonly partitions: number; readonly codec: Codec }[] = [
  { topic: 'plain', partitions: 3, codec: 'none' },
  { topic: 'lz4', partitions: 2, codec: 'lz4' },
  { topic: 'zstd', partitions: 1, codec: 'zstd' },
  { topic: 'gzip', partitions: 1, codec: 'gzip' },
  { topic: 'snappy', partitions: 1, codec: 'snappy' },
]
const ALL = TOPICS.map(({ topic }) => topic).join(',')

describe('records and bytes by the figures of a mirror and by the brokers', { concurrency: false, timeout: 180_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([startCluster({ name: 'a' }), startCluster({ name: 'b' }), startBridge()])
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  async function write(count: number): Promise<void> {
    for (const { topic, partitions, codec } of TOPICS) {
      const recordOf = (_: unknown, i: number) => ({ partition: i % partitions, value: `${topic} ${i} ${'x'.repeat(i % 300)}` })
      await bridge.produce(source, topic, Array.from({ length: count }, recordOf), { codec, batchBytes: 4_000 })
    }
  }

  const counted = async (): Promise<ReadonlyMap<string, readonly Counted[]>> => {
    const of = await Promise.all(TOPICS.map(({ topic }) => countedAt(bridge, source, target, topic)))
    return new Map(TOPICS.map(({ topic }, i) => [topic, of[i]!]))
  }

  /** @param before what the target had when the process began */
  function assertAgrees(shown: Scrape, now: ReadonlyMap<string, readonly Counted[]>, before: typeof now = new Map()): void {
    let records = 0
    let bytes = 0
    for (const [topic, partitions] of now) {
      for (const { partition, copied, batches } of partitions) {
        const expected = copied - (before.get(topic)?.[partition]?.copied ?? 0)
        const size = bytesOfLast(batches, expected)
        const where = `${topic}-${partition}`
        const all = ['records_total', 'bytes_total'].map(figure => ofPartition(shown, figure, topic, partition))
        assert.deepEqual(all, [expected, size], where)
        const mm2 = ['record_count', 'byte_count'].map(figure => ofCopy(shown, figure, topic, partition))
        assert.deepEqual(mm2, [expected, size], where)
        assert.equal(ofPartition(shown, 'lag_records', topic, partition), 0, where)
        records += expected
        bytes += size
      }
    }
    const ofTask = { connector: 'MirrorSourceConnector' }
    assert.equal(flowRecords(shown), records)
    assert.equal(shown.value('isthmus_flow_bytes_total'), bytes)
    assert.equal(shown.sum('kafka_connect_source_task_source_record_write_total', ofTask), records)
    assert.equal(shown.sum('kafka_connect_source_task_source_record_poll_total', ofTask), records)
    assert.equal(shown.sum('kafka_connect_source_task_source_record_active_count', ofTask), 0)
    assert.equal(shown.sum('isthmus_task_bytes_total', ofTask), bytes)
  }

  const recordsOf = (now: ReadonlyMap<string, readonly Counted[]>): number =>
    sum([...now.values()].flat().map(({ copied }) => copied))
  const endsOf = (now: ReadonlyMap<string, readonly Counted[]>): number =>
    sum([...now.values()].flat().map(({ sourceEnd }) => sourceEnd))

  /** All that is at the source is on the target and counted. */
  async function settled(mirror: WatchedMirror, already: number): Promise<Scrape> {
    return mirror.caughtUp(
      sum((await Promise.all(TOPICS.map(({ topic }) => bridge.offsets(source, topic)))).flat().map(p => p.latest)) - already,
    )
  }

  async function start(t: TestContext): Promise<WatchedMirror> {
    return WatchedMirror.start(t, { source, target }, { topics: ALL, more: { 'tasks.max': '2' } })
  }

  test('they agree for every codec and partition, before, during and after a load, and after each restart', async t => {
    for (const { topic, partitions } of TOPICS) await bridge.createTopic(source, topic, { partitions })
    await write(1_000)
    const first = await start(t)
    const still = await settled(first, 0)
    const filled = await counted()
    assertAgrees(still, filled)
    for (const { sourceBytes, batches, partition } of [...filled.values()].flat()) {
      assert.equal(
        sum(batches.map(({ sizeBytes }) => sizeBytes)),
        sourceBytes,
        `the files of partition ${partition} by their size`,
      )
    }

    const loads = await Promise.all(
      TOPICS.map(({ topic, partitions, codec }) =>
        loadFor(t, bridge, source, topic, { partitions, codec, rate: 400, count: 1_200, valueBytes: 500 }),
      ),
    )
    const ended = Promise.all(loads.map(({ done }) => done)).then(() => 'ended' as const)
    for (let last = still; ; ) {
      const now = await Promise.race([ended, first.scrape()])
      if (now === 'ended') break
      assertGrown(last, now)
      last = now
    }
    assertAgrees(await settled(first, 0), await counted())

    assert.deepEqual(await first.process.terminate(), { code: 0, signal: null })
    const atStop = await counted()
    await write(300)
    const second = await start(t)
    const resumed = await settled(second, endsOf(atStop))
    const afterStop = await counted()
    assert.equal(recordsOf(afterStop), endsOf(afterStop), 'a clean stop repeats nothing')
    assertAgrees(resumed, afterStop, atStop)

    const load = await loadFor(t, bridge, source, 'plain', { partitions: 3, rate: 2_000, valueBytes: 500 })
    await second.scraped('copying', shown => flowRecords(shown) > flowRecords(resumed) + 1_000)
    await second.process.kill()
    await load.stop()
    const atKill = await counted()
    const third = await start(t)
    const shown = await third.scraped('all copied', one => one.value('isthmus_flow_lag_records') === 0)
    assertAgrees(shown, await counted(), atKill)
  })

  test('the spans of a ratio of 1 add up to the counters, and name every offset once', async t => {
    const receiver = new SpanReceiver()
    await receiver.start()
    t.after(() => receiver.close())
    await bridge.createTopic(source, 'traced', { partitions: 2 })
    const mirror = await WatchedMirror.start(
      t,
      { source, target },
      { topics: 'traced', more: { 'isthmus.trace.ratio': '1' }, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } },
    )
    await mirror.process.awaitState('RUNNING')
    const load = await loadFor(t, bridge, source, 'traced', {
      partitions: 2,
      codec: 'lz4',
      rate: 300,
      count: 600,
      valueBytes: 300,
    })
    await load.done
    const shown = await mirror.caughtUp(600)
    assert.deepEqual(await mirror.process.terminate(), { code: 0, signal: null })
    const spans = receiver.named('mirror traced').map(({ attributes }) => attributes)
    for (const { partition, copied, sourceBytes } of await countedAt(bridge, source, target, 'traced')) {
      const own = spans.filter(one => one['isthmus.source.partition'] === partition)
      const number = (name: string): number[] => own.map(one => Number(one[name]))
      assert.equal(sum(number('messaging.batch.message_count')), ofPartition(shown, 'records_total', 'traced', partition))
      assert.equal(sum(number('messaging.batch.message_count')), copied)
      assert.equal(sum(number('isthmus.bytes')), ofPartition(shown, 'bytes_total', 'traced', partition))
      assert.equal(sum(number('isthmus.bytes')), sourceBytes)
      for (const side of ['source', 'target']) {
        const [first, last] = [number(`isthmus.${side}.offset.first`), number(`isthmus.${side}.offset.last`)]
        const offsets = first.flatMap((from, i) => Array.from({ length: last[i]! - from + 1 }, (_, n) => from + n))
        assert.deepEqual(
          offsets.toSorted((a, b) => a - b),
          Array.from({ length: copied }, (_, n) => n),
          side,
        )
      }
    }
    t.diagnostic(`${spans.length} batches`)
  })
})

/** No counter goes back. */
function assertGrown(before: Scrape, now: Scrape): void {
  const counters = /_(total|record_count|byte_count|latency_seconds_count)$/
  for (const { name, labels, value } of before.samples) {
    if (!counters.test(name)) continue
    const later = now.value(name, labels)
    assert.ok(later !== undefined && later >= value, `${name} ${JSON.stringify(labels)}: ${value}, then ${later}`)
  }
}
