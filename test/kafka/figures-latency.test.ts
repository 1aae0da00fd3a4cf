import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { FiguresOverTime } from './figures-over-time.ts'
import { sum } from './independent-counts.ts'
import { type ReceivedSpan, SpanReceiver } from './otlp-spans.ts'
import { chance, mean, median, timed } from './outside-clock.ts'
import type { Scrape } from './scrape.ts'
import { flowLag, flowRecords, ofCopy, WatchedMirror } from './watched-mirror.ts'

const BOUND_MS = 2
/** Older than `offset.flush.interval.ms`, and what storing takes. */
const REPEATED_MS = 2_500
const HOP = 'isthmus_flow_hop_latency_seconds'

/**
 * The mirror tells the time from a record's timestamp to its acknowledgement by the target. An outside clock, in a process of its own, tells the time
 * from the timestamp until a consumer on the target has the record: that is longer by what the consumer adds. How much that is, is measured at the
 * same time by records that are produced to the target directly.
 */
describe('latency by the figures of a mirror and by an outside clock', { concurrency: false, timeout: 240_000 }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  let receiver: SpanReceiver
  before(async () => {
    receiver = new SpanReceiver()
    ;[source, target, bridge] = await Promise.all([
      startCluster({ name: 'a' }),
      startCluster({ name: 'b' }),
      startBridge(),
      receiver.start(),
    ])
  })
  after(async () => {
    await Promise.all([bridge?.close(), receiver?.close(), source?.stop(), target?.stop()])
  })

  /** Of a topic of one partition, which has its copy then. */
  async function start(t: TestContext, topic: string): Promise<WatchedMirror> {
    await bridge.createTopic(source, topic)
    const mirror = await WatchedMirror.start(
      t,
      { source, target },
      { topics: topic, more: { 'isthmus.trace.ratio': '1' }, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } },
    )
    await mirror.scraped('its partition', shown => shown.value('isthmus_flow_partitions') === 1 && flowLag(shown) === 0)
    return mirror
  }

  /** Its spans, and the figures when all of them were counted. */
  async function ended(mirror: WatchedMirror, topic: string): Promise<{ shown: Scrape; spans: readonly ReceivedSpan[] }> {
    const spans = (): readonly ReceivedSpan[] => receiver.named(`mirror ${topic}`)
    const areAll = (shown: Scrape): boolean =>
      shown.value(`${HOP}_count`) === spans().length && sum(spans().map(recordsOf)) === flowRecords(shown)
    const shown = await mirror.scraped('each batch counted and traced once', areAll)
    assert.deepEqual(await mirror.process.terminate(), { code: 0, signal: null })
    return { shown, spans: spans() }
  }

  test('in passing: the time of each batch, and what the metrics make of it', async t => {
    await bridge.createTopic(target, 'control')
    const mirror = await start(t, 'passing')
    const [copied, control] = await Promise.all([
      bridge.arrivals(source, 'passing', { to: target, toTopic: 'A.passing', rate: 60, count: 600 }),
      bridge.arrivals(target, 'control', { to: target, toTopic: 'control', rate: 60, count: 600 }),
    ])
    const [arrivals, direct] = await Promise.all([copied.done, control.done])
    await mirror.caughtUp(600)
    const { shown, spans } = await ended(mirror, 'passing')
    const batches = timed(arrivals, spans)
    assert.ok(batches.length > 200, `${batches.length} batches`)

    const added = direct.map(({ arrived, acknowledged }) => arrived - acknowledged)
    const beyond = batches.map(batch => batch.outside - batch.shown)
    const difference = median(beyond) - median(added)
    const bound = BOUND_MS + chance(added) + chance(beyond)
    t.diagnostic(
      `${batches.length} batches: outside ${ms(median(batches.map(b => b.outside)))}, shown ${ms(median(batches.map(b => b.shown)))}, ` +
        `a consumer adds ${ms(median(added))}: they differ by ${ms(difference)}, ${ms(bound)} allowed`,
    )
    assert.ok(Math.abs(difference) < bound, `${difference} ms`)

    const metric = (which: string): number => ofCopy(shown, `replication_latency_ms${which}`, 'passing', 0)!
    const expected = {
      _avg: mean(batches.map(batch => batch.shown + batch.spread / 2)),
      _max: Math.max(...batches.map(batch => batch.shown + batch.spread)),
      _min: Math.min(...batches.map(batch => batch.shown)),
      '': batches.toSorted((a, b) => a.sentMs - b.sentMs).at(-1)!.shown,
    }
    for (const [which, value] of Object.entries(expected)) near(metric(which), value, BOUND_MS, `latency${which}`)

    near(1_000 * shown.value(`${HOP}_sum`)!, sum(batches.map(({ hop }) => hop)), batches.length / 2, 'sum of hops')
    for (const { hop, shown: whole } of batches) assert.ok(hop >= 0 && hop <= whole + 1, `a hop of ${hop} of ${whole} ms`)
    const within = median(batches.map(({ sinceSource, hop }) => sinceSource - hop))
    assert.ok(within > -bound, `the hop is longer by ${ms(-within)} than from the source's acknowledgement to the consumer`)
  })

  test('records that wait for a target that is away: the wait is in their latency, in the age and in the lag, and then it is over', async t => {
    const mirror = await start(t, 'outage')
    const arriving = await bridge.arrivals(source, 'outage', { to: target, toTopic: 'A.outage', rate: 50, count: 5_000 })
    await mirror.scraped('100 records', shown => flowRecords(shown) > 100)
    const over = new FiguresOverTime(mirror)
    const awayMs = Date.now()
    await target.brokers[0]!.kill()
    await mirror.scraped('10 s', shown => shown.value('isthmus_flow_oldest_uncopied_age_seconds')! > 10)
    const outageMs = Date.now() - awayMs
    await target.brokers[0]!.start()
    const backMs = Date.now()
    await mirror.scraped('nothing waits', shown => flowLag(shown) === 0, 60_000)
    const arrivals = await arriving.stop()
    await mirror.caughtUp(arrivals.length)
    const moments = await over.stop()
    const { shown, spans } = await ended(mirror, 'outage')

    const batches = timed(arrivals, spans)
    const waited = batches.filter(({ sentMs }) => sentMs > awayMs && sentMs < awayMs + outageMs)
    const difference = median(waited.map(batch => batch.outside - batch.shown))
    const longest = Math.max(...batches.map(({ outside }) => outside))
    const max = ofCopy(shown, 'replication_latency_ms_max', 'outage', 0)!
    const most = Math.max(...moments.map(({ lag = 0 }) => lag))
    const oldest = Math.max(...moments.map(({ ageMs = 0 }) => ageMs))
    t.diagnostic(
      `away for ${outageMs} ms, back after ${Date.now() - backMs}; ${waited.length} batches waited, ` +
        `outside ${ms(median(waited.map(b => b.outside)))}, differ by ${ms(difference)}; longest ${ms(longest)}, shown ${ms(max)}; ` +
        `lag up to ${most}, age up to ${ms(oldest)}`,
    )
    assert.ok(waited.length > 100)
    for (const { shown: one, sentMs } of waited)
      assert.ok(one >= awayMs + outageMs - sentMs, 'none arrives before the target is back')
    const wait = median(waited.map(({ outside }) => outside))
    near(difference, 0, wait / 100, 'half of those that waited, by both clocks')
    near(max, Math.max(...batches.map(batch => batch.shown + batch.spread)), BOUND_MS, 'the longest, by metric and spans')
    // What arrived before the kill and was not stored is copied again, which the outside clock has seen already: up to a second of it.
    assert.ok(max > 0.99 * longest && max < 1.01 * longest + REPEATED_MS, `the longest, by both clocks: ${max}, ${longest}`)
    assert.ok(max >= outageMs)
    near(oldest, longest, 1_000 + longest / 20, 'the age of the oldest')
    assert.ok(most > (0.8 * 50 * outageMs) / 1_000 && most <= arrivals.length, `a lag of ${most}`)
    assert.deepEqual([moments.at(-1)?.lag, moments.at(-1)?.ageMs], [0, 0])
  })

  test('records that were old when they were produced: their latency is their age, the hop is what the mirror took', async t => {
    const mirror = await start(t, 'backfill')
    const dayMs = 86_400_000
    const recordOf = (_: unknown, i: number) => ({ timestamp: Date.now() - dayMs, value: `${i}` })
    const beganMs = Date.now()
    for (let round = 0; round < 10; round++) await bridge.produce(source, 'backfill', Array.from({ length: 50 }, recordOf))
    await mirror.caughtUp(500)
    const tookMs = Date.now() - beganMs
    const { shown, spans } = await ended(mirror, 'backfill')
    for (const which of ['_avg', '_max', '_min']) {
      const latency = ofCopy(shown, `replication_latency_ms${which}`, 'backfill', 0)!
      assert.ok(latency >= dayMs && latency <= dayMs + tookMs, `latency${which}: ${latency} ms`)
    }
    const hops = spans.map(({ attributes }) => Number(attributes['isthmus.hop.latency_ms']))
    assert.ok(Math.max(...hops) <= tookMs, `${hops} ms of ${tookMs}`)
    near(1_000 * shown.value(`${HOP}_sum`)!, sum(hops), hops.length / 2, 'sum of hops')
  })
})

function recordsOf({ attributes }: ReceivedSpan): number {
  return Number(attributes['messaging.batch.message_count'])
}

function near(value: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(value - expected) <= within, `${what}: ${value}, expected ${expected} ± ${within}`)
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}
