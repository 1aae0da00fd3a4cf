import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deferred } from '../../../../framework/flow/index.ts'
import { encodeBatch } from '../../../../framework/kafka/record-batch/index.ts'
import { PartitionRegistry } from '../../../../framework/runtime/partition-registry.ts'
import { RecordErrorCounts } from '../../../../framework/runtime/record-errors.ts'
import { SinkCommitter } from '../../../../framework/runtime/sink-committer.ts'
import { SinkPipeline } from '../../../../framework/runtime/sink-pipeline.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'
import { Manual } from '../testing/manual-sink.ts'

const turn = () => new Promise(resolve => setImmediate(resolve))

/** Two partitions with one batch each, of which nothing is kept before the test says so. */
const reporting = async (count: number) => {
  const task = new Manual()
  const kept = deferred()
  const logger = new MemoryLogger()
  const pipeline = new SinkPipeline({
    taskId: 'test-0',
    task,
    partitions: new PartitionRegistry().view('test-0'),
    stage: {
      pipeline: undefined,
      errors: { tolerance: 'all', retryTimeoutMs: 0, retryDelayMaxMs: 1 },
      counts: new RecordErrorCounts(),
      storeErrant: () => kept.promise,
      reporter: 'some',
      logger,
    },
    windowBytes: 1_048_576,
    batchBytes: 1_048_576,
    maxRecords: count,
    redelivery: { initialMs: 1, maxMs: 1 },
    logger,
    steer: () => undefined,
    onFailure: error => assert.fail(error),
    onPartitionFailed: (_, error) => assert.fail(error),
  })
  pipeline.start()
  const starts = ['bad', 'good'].map(topic => ({ topic, partition: 0, offset: 0, leaderEpoch: -1 }))
  const record = { key: null, value: null, headers: [], timestamp: 1 }
  for (const lane of await pipeline.open(starts)) {
    const bytes = encodeBatch(
      Array.from({ length: count }, () => record),
      { codec: 'none' },
    )
    const place = {
      firstOffset: 0,
      lastOffset: count - 1,
      leaderEpoch: 0,
      sourceOffsets: null,
      timestampType: 'CreateTime',
    } as const
    pipeline.take(lane, { batches: [{ ...place, bytes, count }], nextOffset: count, leaderEpoch: 0 })
  }
  const [bad] = task.batches
  const reports = bad!.records().map(errant => bad!.errantRecords?.report(errant, new Error('bad')))
  task.ack(0)
  task.ack(1)
  return { pipeline, kept, reports }
}

test('a report that waits holds back its own partition, up to the time limit of the commit, and no other', async () => {
  const { pipeline, kept, reports } = await reporting(1)
  const committed: string[] = []
  const committer = new SinkCommitter({
    taskId: 'test-0',
    intervalMs: Number.POSITIVE_INFINITY,
    timeoutMs: 1,
    lanes: () => [...pipeline.lanes],
    commit: async positions => {
      committed.push(...positions.map(({ topic, offset }) => `${topic} ${offset}`))
      return positions
    },
    logger: new MemoryLogger(),
  })
  const limit = new AbortController()
  const commit = committer.commit([...pipeline.lanes], limit.signal)
  await turn()
  assert.deepEqual(committed, ['good 1'])
  limit.abort()
  await commit
  kept.resolve()
  await Promise.all(reports)
  await committer.commit([...pipeline.lanes], new AbortController().signal)
  assert.deepEqual([committed, committer.failures], [['good 1', 'bad 1'], 0])
})

test('reading waits while thousands of reports wait, though their batches are acknowledged', async () => {
  const { pipeline, kept, reports } = await reporting(4_000)
  assert.equal(pipeline.heldBytes, 0)
  let hasRoom = false
  const room = pipeline.room().then(() => {
    hasRoom = true
  })
  await turn()
  assert.equal(hasRoom, false)
  kept.resolve()
  await Promise.all(reports)
  await room
})

test('an end of the task does not wait for room that reports take', async () => {
  const { pipeline } = await reporting(4_000)
  const room = pipeline.room()
  pipeline.abort()
  await room
})
