import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { freePorts } from '../kafka-tool/ports.ts'
import { type LogLine, MirrorProcess, mirrorProperties } from './mirror-process.ts'
import { health, type Scrape, scrape, scraped } from './scrape.ts'
import { statusOf } from './status-reader.ts'
import { TryingCollector } from './trying-collector.ts'

/** A batch each: every one is traced, with three stages below it. */
const RATE = 1_000
const SECONDS = 12
/** Beyond what the mirror takes after the first seconds: 4096 spans that wait, those of a request, and what is not collected yet. */
const HEAP_MB = 60
const RSS_MB = 100
const SETTLED_AFTER = 3
const MB = 2 ** 20

/** What one mirror did while its collector was in trouble. */
interface Observed {
  readonly mirror: MirrorProcess
  readonly url: string
  readonly scrapes: readonly Scrape[]
}

describe('a collector in trouble hurts nothing', { concurrency: false }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  before(async () => {
    ;[source, target, bridge] = await Promise.all([
      startCluster({ name: 'trouble-source' }),
      startCluster({ name: 'trouble-target' }),
      startBridge(),
    ])
  })
  after(async () => {
    await Promise.all([bridge?.close(), source?.stop(), target?.stop()])
  })

  /** A mirror that traces every batch and exports metrics twice a second, under a load; resolves when all of it has been copied. */
  async function observed(t: TestContext, topic: string, endpoint: string): Promise<Observed> {
    const [port] = await freePorts(1)
    await bridge.createTopic(source, topic)
    const mirror = new MirrorProcess({
      properties: mirrorProperties(source, target, { 'A->B.topics': topic, 'isthmus.trace.ratio': '1' }),
      args: ['--listen', `127.0.0.1:${port}`],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRIC_EXPORT_INTERVAL: '500', OTEL_BSP_SCHEDULE_DELAY: '100' },
    })
    t.after(() => mirror.kill())
    await mirror.awaitState('RUNNING')
    const url = `http://127.0.0.1:${port}`
    const scrapes: Scrape[] = []
    const load = await bridge.startLoad(source, topic, { rate: RATE, valueBytes: 1_000, batchBytes: 0 })
    for (let second = 0; second < SECONDS; second++) {
      await sleep(1_000)
      scrapes.push(await scrape(url))
    }
    const { sent } = await load.stop()
    await bridge.awaitRecords(target, `A.${topic}`, sent)
    const comparison = await bridge.compare(source, target, topic, { targetTopic: `A.${topic}` })
    assert.ok(comparison.equal && comparison.target === sent, JSON.stringify(comparison))
    return { mirror, url, scrapes }
  }

  const failures = (shown: Scrape, signal: string): number =>
    shown.value('isthmus_telemetry_exports_total', { signal, outcome: 'failed' }) ?? 0
  const lost = (shown: Scrape): number => shown.sum('isthmus_telemetry_dropped_spans_total')

  async function assertUnhurt(t: TestContext, { mirror, url, scrapes }: Observed): Promise<void> {
    const series = (name: string): number[] => scrapes.slice(SETTLED_AFTER).map(shown => shown.value(name) ?? Number.NaN)
    const growth = (name: string): number => {
      const values = series(name)
      return (Math.max(...values) - values[0]!) / MB
    }
    const heapMb = growth('nodejs_heap_size_used_bytes')
    const rssMb = growth('process_resident_memory_bytes')
    const p99 = median(series('nodejs_eventloop_lag_p99_seconds'))
    const last = scrapes.at(-1)!
    t.diagnostic(
      `heap +${heapMb.toFixed(0)} MB, RSS +${rssMb.toFixed(0)} MB, event loop p99 ${(p99 * 1000).toFixed(0)} ms, ` +
        `${failures(last, 'traces')} and ${failures(last, 'metrics')} requests failed, ${lost(last)} spans lost`,
    )
    assert.ok(heapMb < HEAP_MB && rssMb < RSS_MB, `heap +${heapMb} MB, RSS +${rssMb} MB`)
    assert.ok(p99 < 0.1, `the event loop is late by ${p99} s`)
    assert.equal((await health(url)).status, 'UP')
    const told = about(mirror)
    assert.ok(told.length <= 4, told.map(({ msg }) => msg).join('\n'))
  }

  /** SIGTERM. */
  async function assertEnds(mirror: MirrorProcess): Promise<void> {
    const endsAt = performance.now()
    assert.deepEqual(await mirror.terminate(), { code: 0, signal: null })
    const tookMs = performance.now() - endsAt
    assert.ok(tookMs < 5_000, `the end took ${tookMs} ms`)
  }

  /** Counted, shown and told: it is no secret that nothing leaves. */
  async function assertShown({ mirror, url, scrapes }: Observed, why: RegExp): Promise<void> {
    const last = scrapes.at(-1)!
    assert.ok(failures(last, 'traces') >= 1 && failures(last, 'metrics') >= 2)
    assert.ok(lost(last) > 0)
    assert.equal(last.value('isthmus_telemetry_export_failing', { signal: 'traces' }), 1)
    const { events } = await statusOf(url)
    for (const code of ['TRACES_NOT_SENT', 'METRICS_NOT_SENT']) {
      const event = events.find(each => each.code === code)
      assert.equal(event?.kind, 'telemetry')
      assert.match(event?.message ?? '', why)
      assert.equal(mirror.withCode(code, 'warn').length, 1)
    }
  }

  const troubles: readonly (readonly [what: string, why: RegExp, respond: TryingCollector['respond']])[] = [
    ['that never answers', /no answer within/, () => undefined],
    ['that is full', /it answered 503/, response => void response.writeHead(503, { 'retry-after': '1' }).end('full')],
    ['that throttles for an hour', /it answered 429/, response => void response.writeHead(429, { 'retry-after': '3600' }).end()],
    ['that breaks connections', /socket hang up|ECONNRESET/, response => void response.socket?.destroy()],
    ['that answers garbage', /Parse Error/, response => void response.socket?.end('!#$\r\n\r\n')],
  ]
  for (const [what, why, respond] of troubles) {
    test(`one ${what}`, async t => {
      const collector = await new TryingCollector().start()
      t.after(() => collector.close())
      collector.respond = respond
      const seen = await observed(t, `trouble-${what.replaceAll(' ', '-')}`, collector.url)
      await assertShown(seen, why)
      await assertUnhurt(t, seen)
      assert.ok(collector.maxConnections <= 4, `${collector.maxConnections} connections at once`)
      assert.ok(collector.requests <= 3 * SECONDS + 20, `${collector.requests} requests`)
      await assertEnds(seen.mirror)
    })
  }

  test('one that is down, and comes back: what is lost ends with it', async t => {
    const [port] = await freePorts(1)
    const seen = await observed(t, 'trouble-down', `http://127.0.0.1:${port}`)
    await assertShown(seen, /ECONNREFUSED/)
    await assertUnhurt(t, seen)
    const collector = await new TryingCollector().start(port)
    t.after(() => collector.close())
    const healed = await scraped(
      seen.url,
      'both are sent again',
      shown => shown.sum('isthmus_telemetry_export_failing') === 0,
      40_000,
    )
    assert.ok(healed.value('isthmus_telemetry_exported_spans_total')! > 0)
    const { events } = await statusOf(seen.url)
    assert.deepEqual(
      events
        .filter(({ kind }) => kind === 'telemetry')
        .map(({ severity }) => severity)
        .sort(),
      ['ok', 'ok', 'warning', 'warning'],
    )
    assert.equal(about(seen.mirror).filter(({ msg }) => / again/.test(msg)).length, 2)
    await assertEnds(seen.mirror)
  })
})

/** What the log says of the collector beyond the start. */
function about({ lines }: MirrorProcess): LogLine[] {
  return lines.filter(
    ({ component, level, msg }) => component === 'isthmus.telemetry' && (level !== 'info' || / again/.test(msg)),
  )
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}
