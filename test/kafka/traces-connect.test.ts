import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Jaeger, JaegerToolError, startJaeger } from '../jaeger-tool/index.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { Cli } from './cli-process.ts'
import { awaitTrace, childOf, type JaegerSpan, type JaegerTrace, rootOf, tagsOf } from './jaeger-traces.ts'

const ISTHMUS = new URL('../../framework/index.ts', import.meta.url).href
/** Of the program that made the records: one trace each. */
const TRACES = ['4bf92f3577b34da6a3ce929d0e0e4736', '5bf92f3577b34da6a3ce929d0e0e4737', '6bf92f3577b34da6a3ce929d0e0e4738']
const SPAN = '00f067aa0ba902b7'
/** Jaeger tells starts and durations in whole microseconds. */
const ROUNDED_US = 2

/** A source whose records carry the traces in which they were made. */
const orders = `
import { connectRecord, pollWith, SourceConnector, SourceTask } from '${ISTHMUS}'

const traces = ${JSON.stringify(TRACES)}

class Task extends SourceTask {
  isDone = false
  async start({ config }) { this.config = config }
  batches = pollWith(async () => {
    if (this.isDone) return []
    this.isDone = true
    const records = traces.map((trace, n) =>
      connectRecord({ topic: this.config.topic, key: String(n), value: { n }, headers: [{ key: 'traceparent', value: '00-' + trace + '-${SPAN}-01' }] }))
    return [{ sourcePartition: { shop: 'one' }, sourceOffset: { next: 3 }, records }]
  })
}

export class OrdersConnector extends SourceConnector {
  definition = { topic: { type: 'string', doc: 'where to' } }
  async start({ config }) { this.config = config }
  async taskConfigs() { return [this.config] }
  createTask() { return new Task() }
}
`

/** A sink whose handler makes a span of its own for each record. */
const store = `
import { trace } from '@opentelemetry/api'
import { eachRecord, inTraceOf, SinkConnector, SinkTask } from '${ISTHMUS}'

class Task extends SinkTask {
  async start() {}
  deliver = eachRecord(inTraceOf(async ({ value }) => {
    trace.getTracer('shop').startSpan('store order', { attributes: { 'order.number': value.n } }).end()
  }))
}

export class StoreConnector extends SinkConnector {
  definition = {}
  async start({ config }) { this.config = config }
  async taskConfigs() { return [this.config] }
  createTask() { return new Task() }
}
`

let cluster: KafkaCluster
let bridge: Bridge
let jaeger: Jaeger | undefined
let folder = ''

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'traces-connect-'))
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
  ;[cluster, bridge, jaeger] = await Promise.all([
    startCluster({ name: 'traces-connect' }),
    startBridge(),
    startJaeger().catch((error: unknown) => {
      if (error instanceof JaegerToolError && error.isGoMissing) return undefined
      throw error
    }),
  ])
})
after(async () => {
  Cli.killAll()
  await Promise.all([bridge?.close(), jaeger?.stop(), cluster?.stop()])
  rmSync(folder, { recursive: true })
})

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('a source and a sink of a Connect worker in Jaeger: stages, links to the producers, and spans of a handler within their traces', async t => {
  if (jaeger === undefined) {
    t.skip('Go is not installed, so there is no Jaeger to ask: install Go')
    return
  }
  const { otlpEndpoint, url } = jaeger
  await bridge.createTopic(cluster, 'orders', { partitions: 1 })
  file('orders.mjs', orders)
  file('store.mjs', store)
  const worker = file(
    'worker.properties',
    `bootstrap.servers=${cluster.bootstrapServers}
key.converter=StringConverter
value.converter=JsonConverter
value.converter.schemas.enable=false
offset.storage.file.filename=${join(folder, 'offsets.json')}
offset.flush.interval.ms=100
isthmus.trace.ratio=1
isthmus.trace.links=true
`,
  )
  const cli = new Cli(
    [
      'connect',
      'standalone',
      worker,
      file('orders.properties', 'name=orders\nconnector.class=./orders.mjs\ntopic=orders\n'),
      file('store.properties', 'name=store\nconnector.class=./store.mjs\ntopics=orders\n'),
    ],
    folder,
    { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint, OTEL_METRICS_EXPORTER: 'none', OTEL_SERVICE_NAME: 'shop' },
  )
  const isCommitted = ({ spans }: JaegerTrace): boolean => spans.some(({ operationName }) => operationName === 'commit')
  const inShop = (operation: string, willDo: (trace: JaegerTrace) => boolean): Promise<JaegerTrace> =>
    awaitTrace(url, { service: 'shop', operation }, willDo)

  const source = await inShop('source orders', isCommitted)
  inOrder(source, ['receive', 'transform', 'send'])
  assert.partialDeepStrictEqual(tagsOf(rootOf(source)), {
    'isthmus.connector': 'orders',
    'isthmus.task': 'orders-0',
    'messaging.batch.message_count': 3,
    'isthmus.target.topic': 'orders',
    'isthmus.target.partition': 0,
    'isthmus.target.offset.first': 0,
    'isthmus.target.offset.last': 2,
  })
  assertLinked(rootOf(source))

  const sink = await inShop('sink orders', isCommitted)
  inOrder(sink, ['receive', 'deliver'])
  const { startTime: deliveredUs, duration } = childOf(sink, 'deliver')
  const transform = childOf(sink, 'transform')
  assert.ok(transform.startTime + ROUNDED_US >= deliveredUs, 'records are converted when the task asks for them')
  assert.ok(transform.startTime + transform.duration <= deliveredUs + duration + ROUNDED_US)
  assert.partialDeepStrictEqual(tagsOf(rootOf(sink)), {
    'isthmus.connector': 'store',
    'isthmus.task': 'store-0',
    'messaging.destination.name': 'orders',
    'messaging.destination.partition.id': '0',
    'messaging.consumer.group.name': 'connect-store',
    'messaging.batch.message_count': 3,
    'isthmus.source.offset.first': 0,
    'isthmus.source.offset.last': 2,
    'isthmus.deliveries': 1,
  })
  assertLinked(rootOf(sink))

  for (const [n, traceID] of TRACES.entries()) {
    const { spans } = await inShop('store order', trace => trace.traceID === traceID)
    const [span] = spans.filter(({ operationName }) => operationName === 'store order')
    assert.equal(tagsOf(span!)['order.number'], n)
    assert.deepEqual(
      span!.references.map(({ refType, spanID }) => [refType, spanID]),
      [['CHILD_OF', SPAN]],
    )
  }
  cli.signal('SIGTERM')
  const { code, stderr } = await cli.ended
  assert.equal(code, 0, stderr)
})

/** One after the other, within the batch; the commit is after them. */
function inOrder(trace: JaegerTrace, stages: readonly string[]): void {
  const root = rootOf(trace)
  let endUs = root.startTime
  for (const stage of stages.map(name => childOf(trace, name))) {
    assert.ok(stage.startTime + ROUNDED_US >= endUs, `${stage.operationName} begins at ${stage.startTime}, before ${endUs}`)
    endUs = stage.startTime + stage.duration
  }
  assert.ok(endUs <= root.startTime + root.duration + ROUNDED_US)
  assert.ok(childOf(trace, 'commit').startTime + ROUNDED_US >= endUs)
}

function assertLinked({ references }: JaegerSpan): void {
  const linked = references.filter(({ refType }) => refType === 'FOLLOWS_FROM').map(({ traceID, spanID }) => [traceID, spanID])
  const wanted = TRACES.map(traceID => [traceID, SPAN])
  assert.deepEqual(linked.sort(), wanted.sort(), JSON.stringify(references))
}
