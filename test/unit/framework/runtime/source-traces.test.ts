import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SpanStatusCode } from '@opentelemetry/api'
import type { SourceRecord } from '../../../../framework/api/index.ts'
import { EncodedBatch } from '../../../../framework/kafka/encoded-batch.ts'
import { encodeBatch } from '../../../../framework/kafka/record-batch/index.ts'
import { PartitionRegistry, SourceTaskRunner, SourceTraces, type TraceOptions } from '../../../../framework/runtime/index.ts'
import { SpanAttribute } from '../../../../framework/telemetry/index.ts'
import { encodeInMemory, MemoryLogger, MemoryPartWriter } from '../../../../framework/testing/index.ts'
import { fatal, ManualTask, ofPartition, partOf, settings, source, until } from './fixtures.ts'
import { attributesOf, childrenOf, endOf, roots, startOf, takeSpans, tracer } from './traced-spans.ts'

const a = source('a')
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

beforeEach(() => void takeSpans())

async function started(trace: Partial<TraceOptions['settings']>, more: Partial<TraceOptions> = {}) {
  const writer = new MemoryPartWriter({ mode: 'manual' })
  const task = new ManualTask()
  const logger = new MemoryLogger()
  const registry = new PartitionRegistry()
  const options = { settings: { ratio: 0, slowMs: 60_000, links: false, ...trace }, ...more }
  const traces = new SourceTraces({ tracer, taskId: 'clock-0', trace: options, logger, hasStage: false })
  const runner = new SourceTaskRunner({
    ...settings,
    taskId: 'clock-0',
    task,
    writer,
    encodeRecords: encodeInMemory,
    partitions: traces.watching(registry.view('clock-0')),
    traces,
    onFailure: () => undefined,
    onPartitionFailed: () => undefined,
  })
  runner.run().catch(() => undefined)
  await until(() => task.demands.length > 0, 'demand')
  return { runner, task, writer, traces, registry, logger }
}

test('a chosen batch: its stages in order below it, with their times, places and records', async () => {
  const { task, writer, traces } = await started({ ratio: 1 }, { attributes: { [SpanAttribute.connector]: 'clock' } })
  const requestedAt = performance.now()
  await sleep(5)
  const receivedAt = performance.now()
  task.batch$.next({ parts: [partOf(a, 0)], requestedAt, receivedAt })
  await sleep(5)
  writer.ackAll()
  const committed = traces.spans.committing()
  await sleep(2)
  committed()
  const spans = takeSpans()
  assert.deepEqual(spans.map(({ name }) => name).sort(), ['commit', 'receive', 'send', 'source a'])
  const root = roots(spans)[0]!
  const { receive, send, commit } = childrenOf(root, spans)
  assert.ok(receive && send && commit)
  assert.equal(startOf(receive), startOf(root))
  assert.equal(endOf(send), endOf(root))
  assert.ok(endOf(receive) - startOf(receive) >= 4.9, 'the time of asking')
  assert.ok(endOf(send) - startOf(send) >= 4.9, 'the time of sending')
  assert.ok(endOf(receive) <= startOf(send) && endOf(send) <= startOf(commit) && endOf(commit) - startOf(commit) > 1)
  assert.ok(Math.abs(endOf(root) - Date.now()) < 1_000, 'by the wall clock')
  assert.deepEqual(
    [root.kind, receive.kind, send.kind, root.status.code].map(Number),
    [0, 2, 2, SpanStatusCode.UNSET],
    'INTERNAL, CLIENT, CLIENT',
  )
  assert.partialDeepStrictEqual(attributesOf(root), {
    'messaging.system': 'kafka',
    'messaging.destination.name': 'a',
    'messaging.batch.message_count': 10,
    'isthmus.connector': 'clock',
    'isthmus.task': 'clock-0',
    'isthmus.bytes': 100,
    'isthmus.target.topic': 'a',
    'isthmus.target.partition': 0,
    'isthmus.target.offset.first': 0,
    'isthmus.target.offset.last': 9,
  })
  assert.partialDeepStrictEqual(attributesOf(send), {
    'messaging.operation.type': 'send',
    'messaging.destination.name': 'a',
    'messaging.destination.partition.id': '0',
    'messaging.kafka.offset': 0,
  })
})

test('records that have to be made into batches first have a stage for that', async () => {
  const { task, writer } = await started({ ratio: 1 })
  task.emit({ sourcePartition: a, sourceOffset: { offset: 0 }, records: [record()] })
  writer.ackAll()
  const spans = takeSpans()
  const { receive, transform, send } = childrenOf(roots(spans)[0]!, spans)
  assert.ok(receive && transform && send)
  assert.ok(endOf(receive) <= startOf(transform) && endOf(transform) <= startOf(send))
})

test('the share that is traced is about the ratio', async () => {
  const { task, writer } = await started({ ratio: 0.2 })
  for (let offset = 0; offset < 300; offset++) {
    await until(() => task.demands.length > offset, 'demand')
    task.emit(partOf(a, offset, 1))
    writer.ackAll()
  }
  const traced = roots(takeSpans()).length
  assert.ok(traced > 30 && traced < 100, `${traced} of 300`)
})

test('without a share: only what was slow, with an event that says so', async () => {
  const { task, writer } = await started({ slowMs: 150 })
  task.emit(partOf(a, 0))
  writer.ackAll()
  assert.deepEqual(takeSpans(), [])
  task.emit(partOf(a, 1))
  await sleep(155)
  writer.ackAll()
  const [root] = roots(takeSpans())
  assert.deepEqual(
    root?.events.map(({ name }) => name),
    ['slow'],
  )
})

test('a source that waited for something to happen was not slow', async () => {
  const { task, writer } = await started({ slowMs: 150 })
  task.batch$.next({ parts: [partOf(a, 0)], requestedAt: performance.now() - 500, receivedAt: performance.now() })
  writer.ackAll()
  assert.deepEqual(takeSpans(), [])
})

test('a fetch that waited for its record begins with the record', async () => {
  const { task, writer } = await started({ ratio: 1 })
  const timestamp = Date.now() - 100
  task.batch$.next({
    parts: [{ sourcePartition: a, sourceOffset: { offset: 0 }, records: [record({ timestamp })] }],
    requestedAt: performance.now() - 400,
    receivedAt: performance.now(),
  })
  writer.ackAll()
  const [root] = roots(takeSpans())
  assert.ok(Math.abs(startOf(root!) - timestamp) <= 2, `${startOf(root!) - timestamp} ms after the record`)
  const latency = Number(root!.attributes['isthmus.replication.latency_ms'])
  assert.ok(latency >= 99 && latency < 200, `${latency} ms`)
})

test('a refused batch is always traced: the error on its sending and on itself', async () => {
  const { task, writer } = await started({})
  writer.refuseWhere(() => ofPartition('too large for the target'))
  task.emit(partOf(a, 0))
  writer.ackAll()
  const spans = takeSpans()
  const root = roots(spans).find(({ name }) => name === 'source a')!
  const { send } = childrenOf(root, spans)
  for (const span of [root, send!]) {
    assert.equal(span.status.code, SpanStatusCode.ERROR)
    assert.equal(span.attributes['error.type'], 'TEST_PARTITION')
    assert.ok(span.events.some(({ name, attributes }) => name === 'exception' && attributes?.['exception.message']))
  }
  assert.equal(root.attributes['messaging.batch.message_count'], 10)
  assert.ok(
    roots(spans).some(({ name, status }) => name === 'failed clock-0' && status.code === SpanStatusCode.ERROR),
    'and the partition',
  )
})

test('a target that is away: told when it begins, and by the batch that waited for it', async () => {
  const { task, writer } = await started({})
  task.emit(partOf(a, 0))
  writer.hold('a', 0)
  const [trouble] = takeSpans()
  assert.equal(trouble?.name, 'retrying clock-0')
  assert.equal(trouble?.attributes['error.type'], 'TARGET_AWAY')
  writer.letGo('a', 0)
  writer.ackAll()
  const [root] = roots(takeSpans())
  assert.deepEqual(
    root?.events.map(({ name, attributes }) => [name, attributes?.['isthmus.side'], attributes?.['error.type']]),
    [
      ['retry', 'target', 'TARGET_AWAY'],
      ['flowing again', 'target', undefined],
    ],
  )
  task.emit(partOf(a, 1))
  writer.ackAll()
  assert.deepEqual(takeSpans(), [], 'told once')
})

test('a gap is an event of the next batch, which is always traced', async () => {
  const { task, writer, registry } = await started({})
  task.emit(partOf(a, 0))
  writer.ackAll()
  registry.ownedBy('clock-0')[0]!.gap(12, 'offsets 1 to 12 are gone')
  takeSpans()
  task.emit(partOf(a, 13))
  writer.ackAll()
  const [root] = roots(takeSpans())
  assert.partialDeepStrictEqual(root?.events[0], { name: 'gap', attributes: { 'isthmus.cause': 'offsets 1 to 12 are gone' } })
})

test('in an outage, when all are slow, no more are traced than are of use; the next says how many were not', async () => {
  const { task, writer } = await started({ slowMs: 1 })
  for (let offset = 0; offset < 300; offset++) {
    await until(() => task.demands.length > offset, 'demand')
    task.batch$.next({ parts: [partOf(a, offset, 1)], requestedAt: 1, receivedAt: 1 })
    writer.ackAll()
  }
  const traced = roots(takeSpans()).length
  assert.ok(traced >= 100 && traced < 250, `${traced}`)
  await sleep(50)
  task.batch$.next({ parts: [partOf(a, 300, 1)], requestedAt: 1, receivedAt: 1 })
  writer.ackAll()
  const [root] = roots(takeSpans())
  assert.ok(Number(root?.attributes['isthmus.trace.skipped']) > 0)
})

test('links to the spans that produced the first records, each once, only where asked for', async () => {
  for (const links of [true, false]) {
    const { task, writer } = await started({ ratio: 1, links })
    const parents = ['00f067aa0ba902b7', '00f067aa0ba902b8', '00f067aa0ba902b7'].map(span => `00-${TRACE}-${span}-01`)
    const records = [...parents, 'nonsense'].map(traceparent => record({ traceparent }))
    const bytes = encodeBatch(records, { codec: 'gzip' })
    let looks = 0
    const batch = new EncodedBatch('a', 0, bytes, records.length)
    const look = batch.records.bind(batch)
    batch.records = () => {
      looks++
      return look()
    }
    task.emit({ sourcePartition: a, sourceOffset: { offset: 0 }, records: batch })
    writer.ackAll()
    const [root] = roots(takeSpans())
    const linked = root?.links.map(({ context }) => [context.traceId, context.spanId])
    assert.deepEqual(
      linked,
      links
        ? [
            [TRACE, '00f067aa0ba902b7'],
            [TRACE, '00f067aa0ba902b8'],
          ]
        : [],
    )
    assert.equal(looks, links ? 1 : 0, 'decoded only where asked for')
  }
})

test('a batch whose bytes cannot be looked at is copied all the same', async () => {
  const { task, writer, logger } = await started({ ratio: 1, links: true })
  const batch = new EncodedBatch('a', 0, Buffer.alloc(100), 1)
  batch.records = () => {
    throw ofPartition('the batch is damaged')
  }
  task.emit({ sourcePartition: a, sourceOffset: { offset: 0 }, records: batch })
  writer.ackAll()
  assert.equal(task.acks.length, 1)
  assert.ok(logger.lines.some(({ message }) => message.includes('could not be traced')))
})

test('a commit that fails is a stage with its error, and the next one is a stage, too', async () => {
  const { task, writer, traces } = await started({ ratio: 1 })
  task.emit(partOf(a, 0))
  writer.ackAll()
  traces.spans.committing()(fatal('the store is away'))
  traces.spans.committing()()
  traces.spans.committing()()
  const commits = takeSpans().filter(({ name }) => name === 'commit')
  assert.deepEqual(
    commits.map(({ status }) => status.code),
    [SpanStatusCode.ERROR, SpanStatusCode.UNSET],
  )
})

function record({ timestamp = -1, traceparent = '' } = {}): SourceRecord {
  const headers = traceparent === '' ? [] : [{ key: 'traceparent', value: Buffer.from(traceparent) }]
  return { topic: 'a', partition: 0, key: null, value: Buffer.from('v'), headers, timestamp }
}
