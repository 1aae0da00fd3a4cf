import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeBatch } from '../../../../framework/kafka/record-batch/index.ts'
import { PartitionRegistry } from '../../../../framework/runtime/partition-registry.ts'
import { defaultRecordErrorSettings, RecordErrorCounts } from '../../../../framework/runtime/record-errors.ts'
import { SinkPipeline } from '../../../../framework/runtime/sink-pipeline.ts'
import { SinkTraces } from '../../../../framework/runtime/sink-traces.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'
import { Manual } from '../testing/manual-sink.ts'
import { attributesOf, childrenOf, endOf, roots, startOf, takeSpans, tracer } from './traced-spans.ts'

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test('a batch of a sink: received, delivered, committed; its group, its offsets, and who produced it', async () => {
  const logger = new MemoryLogger()
  const trace = { settings: { ratio: 1, slowMs: 60_000, links: true } }
  const traces = new SinkTraces({ tracer, taskId: 'sink-0', trace, logger, groupId: 'connect-sink' })
  const task = new Manual()
  const pipeline = new SinkPipeline({
    taskId: 'sink-0',
    task,
    partitions: new PartitionRegistry().view('sink-0'),
    traces,
    stage: {
      pipeline: undefined,
      errors: defaultRecordErrorSettings,
      counts: new RecordErrorCounts(),
      storeErrant: async () => undefined,
      reporter: 'none',
      logger,
    },
    windowBytes: 1 << 20,
    batchBytes: 1 << 20,
    maxRecords: 100,
    redelivery: { initialMs: 1, maxMs: 1 },
    logger,
    steer: () => undefined,
    onFailure: error => assert.fail(error),
    onPartitionFailed: (_, error) => assert.fail(error),
  })
  pipeline.start()
  const [lane] = await pipeline.open([{ topic: 'orders', partition: 2, offset: 7, leaderEpoch: -1 }])
  const headers = [{ key: 'traceparent', value: Buffer.from(TRACEPARENT) }]
  const timestamp = Date.now() - 50
  const bytes = encodeBatch([{ key: null, value: Buffer.from('v'), headers, timestamp }], { codec: 'none' })
  const batch = {
    bytes,
    count: 1,
    sourceOffsets: null,
    timestampType: 'CreateTime' as const,
    firstOffset: 7,
    lastOffset: 7,
    leaderEpoch: 0,
  }
  takeSpans()
  const now = performance.now()
  pipeline.take(lane!, { batches: [batch], nextOffset: 8, leaderEpoch: 0 }, { requestedAt: now - 400, receivedAt: now })
  await sleep(5)
  task.ack(0)
  traces.spans.committing()()
  const spans = takeSpans()
  const [root] = roots(spans)
  const { receive, deliver, commit } = childrenOf(root!, spans)
  assert.equal(root?.name, 'sink orders')
  assert.ok(receive && deliver && commit)
  assert.ok(Math.abs(startOf(root!) - timestamp) <= 3, 'from its record on')
  assert.ok(endOf(receive) <= startOf(deliver) && endOf(deliver) - startOf(deliver) > 3 && endOf(deliver) <= startOf(commit))
  assert.partialDeepStrictEqual(attributesOf(root!), {
    'messaging.destination.name': 'orders',
    'messaging.destination.partition.id': '2',
    'messaging.consumer.group.name': 'connect-sink',
    'messaging.batch.message_count': 1,
    'isthmus.source.offset.first': 7,
    'isthmus.source.offset.last': 7,
    'isthmus.deliveries': 1,
  })
  assert.deepEqual(
    root!.links.map(({ context }) => context.spanId),
    ['00f067aa0ba902b7'],
  )
})
