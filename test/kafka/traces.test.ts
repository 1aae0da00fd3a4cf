import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Jaeger, JaegerToolError, startJaeger } from '../jaeger-tool/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { freePorts } from '../kafka-tool/ports.ts'
import { awaitTrace, childOf, eventsOf, type JaegerSpan, rootOf, services, tagsOf } from './jaeger-traces.ts'
import { MirrorProcess, mirrorProperties } from './mirror-process.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
/** Jaeger tells starts and durations in whole microseconds. */
const ROUNDED_US = 2

describe('traces of a mirror', { concurrency: false }, () => {
  let source: KafkaCluster
  let target: KafkaCluster
  let bridge: Bridge
  let jaeger: Jaeger | undefined
  before(async () => {
    ;[source, target, bridge, jaeger] = await Promise.all([
      startCluster({ name: 'a' }),
      startCluster({ name: 'b' }),
      startBridge(),
      startJaeger().catch((error: unknown) => {
        if (error instanceof JaegerToolError && error.isGoMissing) return undefined
        throw error
      }),
    ])
  })
  after(async () => {
    await Promise.all([bridge?.close(), jaeger?.stop(), source?.stop(), target?.stop()])
  })

  function mirror(t: TestContext, topics: string, endpoint: string, more: Readonly<Record<string, string>> = {}): MirrorProcess {
    const properties = mirrorProperties(source, target, { 'A->B.topics': topics, ...more })
    const started = new MirrorProcess({ properties, env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } })
    t.after(() => started.kill())
    return started
  }

  function running(t: TestContext): Jaeger | undefined {
    if (jaeger === undefined) t.skip('Go is not installed, so there is no Jaeger to ask: install Go')
    return jaeger
  }

  test('each batch is a trace in Jaeger: its stages, where it came from and went, how long it took, who produced it', async t => {
    const { otlpEndpoint, url } = running(t) ?? {}
    if (otlpEndpoint === undefined || url === undefined) return
    const traceparent = `00-${TRACE}-${SPAN}-01`
    await bridge.createTopic(source, 'traced')
    const copying = mirror(t, 'traced', otlpEndpoint, { 'isthmus.trace.ratio': '1', 'isthmus.trace.links': 'true' })
    await copying.awaitState('RUNNING')
    await bridge.produce(
      source,
      'traced',
      [1, 2, 3].map(i => ({ key: `k${i}`, value: `v${i}`, headers: [['traceparent', traceparent]] as const })),
    )
    await bridge.awaitRecords(target, 'A.traced', 3)

    const trace = await awaitTrace(url, { service: 'isthmus', operation: 'mirror traced' }, ({ spans }) =>
      spans.some(({ operationName }) => operationName === 'commit'),
    )
    assert.ok((await services(url)).includes('isthmus'))
    const root = rootOf(trace)
    const { receive, send, commit } = stagesOf(trace)
    assert.equal(root.operationName, 'mirror traced')
    assert.ok(root.startTime <= receive.startTime && endOf(receive) <= send.startTime && send.startTime < endOf(send))
    assert.ok(endOf(send) <= endOf(root) + ROUNDED_US && endOf(send) <= commit.startTime)
    assert.equal(tagsOf(root)['span.kind'], 'internal')
    const { 'isthmus.replication.latency_ms': latency, 'isthmus.bytes': bytes, ...tags } = tagsOf(root)
    assert.partialDeepStrictEqual(tags, {
      'messaging.system': 'kafka',
      'messaging.destination.name': 'traced',
      'messaging.destination.partition.id': '0',
      'messaging.batch.message_count': 3,
      'messaging.kafka.offset': 0,
      'isthmus.flow': 'A->B',
      'isthmus.source.cluster': 'A',
      'isthmus.target.cluster': 'B',
      'isthmus.source.offset.first': 0,
      'isthmus.source.offset.last': 2,
      'isthmus.target.topic': 'A.traced',
      'isthmus.target.offset.first': 0,
      'isthmus.target.offset.last': 2,
      'isthmus.codec': 'none',
    })
    assert.ok(Number(latency) >= 0 && Number(latency) < 10_000, `${latency} ms`)
    assert.ok(Number(bytes) > 100)
    assert.partialDeepStrictEqual(tagsOf(send), {
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'A.traced',
      'span.kind': 'client',
    })
    assert.ok(
      root.references.some(({ traceID, spanID }) => traceID === TRACE && spanID === SPAN),
      `linked to the span of the producer: ${JSON.stringify(root.references)}`,
    )
    assert.deepEqual(await copying.terminate(), { code: 0, signal: null })
  })

  test('a target that stops for a while: the batch that waited is traced whatever the ratio; runs are traced, too', async t => {
    const { otlpEndpoint, url } = running(t) ?? {}
    if (otlpEndpoint === undefined || url === undefined) return
    await bridge.createTopic(source, 'held-up')
    const copying = mirror(t, 'held-up', otlpEndpoint, { 'isthmus.trace.ratio': '0', 'isthmus.trace.slow.ms': '700' })
    await copying.awaitState('RUNNING')
    await bridge.produce(source, 'held-up', [{ value: 'before' }])
    await bridge.awaitRecords(target, 'A.held-up', 1)
    const [broker] = target.brokers
    process.kill(broker!.pid!, 'SIGSTOP')
    try {
      await bridge.produce(source, 'held-up', [{ value: 'meanwhile' }])
      await delay(1_500)
    } finally {
      process.kill(broker!.pid!, 'SIGCONT')
    }
    await bridge.awaitRecords(target, 'A.held-up', 2)
    const trace = await awaitTrace(url, { service: 'isthmus', operation: 'mirror held-up' }, found =>
      eventsOf(rootOf(found)).includes('slow'),
    )
    assert.ok(childOf(trace, 'send').duration > 700_000, 'the wait lies in the sending')
    assert.equal(tagsOf(rootOf(trace))['isthmus.source.offset.first'], 1, 'the batch before was not slow, and the ratio is 0')
    const run = await awaitTrace(url, { service: 'isthmus', operation: 'refreshing topics' }, () => true)
    assert.ok(Number(tagsOf(rootOf(run))['isthmus.topics']) >= 1)
  })

  test('with a collector that is down the copy goes on, and one warning says so', async t => {
    const [port] = await freePorts(1)
    await bridge.createTopic(source, 'untold')
    const copying = mirror(t, 'untold', `http://127.0.0.1:${port}`, { 'isthmus.trace.ratio': '1' })
    await copying.awaitState('RUNNING')
    const load = await bridge.startLoad(source, 'untold', { rate: 0, count: 50_000, valueBytes: 100 })
    const { sent } = await load.done
    await bridge.awaitRecords(target, 'A.untold', sent)
    await copying.waitFor('the warning', line => line.code === 'TRACES_NOT_SENT')
    const comparison = await bridge.compare(source, target, 'untold', { targetTopic: 'A.untold' })
    assert.ok(comparison.equal && comparison.target === sent, JSON.stringify(comparison))
    assert.equal(copying.withCode('TRACES_NOT_SENT', 'warn').length, 1)
    const endsAtMs = performance.now()
    assert.deepEqual(await copying.terminate(), { code: 0, signal: null })
    assert.ok(performance.now() - endsAtMs < 10_000, 'the end does not wait for the collector')
  })
})

function stagesOf(trace: Parameters<typeof childOf>[0]): Readonly<Record<'receive' | 'send' | 'commit', JaegerSpan>> {
  return { receive: childOf(trace, 'receive'), send: childOf(trace, 'send'), commit: childOf(trace, 'commit') }
}

function endOf({ startTime, duration }: JaegerSpan): number {
  return startTime + duration
}
