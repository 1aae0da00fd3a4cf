import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observable } from 'rxjs'
import { type ConnectError, eachBatch, type SinkAck, type SinkBatch, SinkTask } from '../../../../framework/index.ts'
import { encodeBatch } from '../../../../framework/kafka/record-batch/index.ts'
import { PartitionRegistry } from '../../../../framework/runtime/partition-registry.ts'
import { defaultRecordErrorSettings, RecordErrorCounts } from '../../../../framework/runtime/record-errors.ts'
import { SinkPipeline } from '../../../../framework/runtime/sink-pipeline.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'
import { Manual } from '../testing/manual-sink.ts'

const KB = 1024

const pipelineOf = (task: SinkTask, windowBytes = 64 * KB) => {
  const steered: string[] = []
  const failed: ConnectError[] = []
  const pipeline = new SinkPipeline({
    taskId: 'test-0',
    task,
    partitions: new PartitionRegistry().view('test-0'),
    stage: {
      pipeline: undefined,
      errors: defaultRecordErrorSettings,
      counts: new RecordErrorCounts(),
      storeErrant: async () => undefined,
      reporter: 'none',
      logger: new MemoryLogger(),
    },
    windowBytes,
    batchBytes: 16 * KB,
    maxRecords: 100,
    redelivery: { initialMs: 1, maxMs: 1 },
    logger: new MemoryLogger(),
    steer: ({ name }, reading) => steered.push(`${name} ${reading}`),
    onFailure: error => failed.push(error),
    onPartitionFailed: (_, error) => failed.push(error),
  })
  pipeline.start()
  return { pipeline, steered, failed }
}

const startOf = (topic: string) => ({ topic, partition: 0, offset: 0, leaderEpoch: -1 })

const runOf = (firstOffset: number, valueBytes = 8 * KB) => {
  const bytes = encodeBatch([{ key: null, value: Buffer.alloc(valueBytes), headers: [], timestamp: 1 }], { codec: 'none' })
  const place = { firstOffset, lastOffset: firstOffset, leaderEpoch: 0, sourceOffsets: null }
  const batch = { ...place, bytes, count: 1, timestampType: 'CreateTime' } as const
  return { batches: [batch], nextOffset: firstOffset + 1, leaderEpoch: 0 }
}

test('a partition that holds its share of the window is not read on until it has written half of it', async () => {
  const task = new Manual()
  const { pipeline, steered } = pipelineOf(task)
  const [stuck] = await pipeline.open([startOf('stuck'), startOf('flowing')])
  pipeline.take(stuck!, runOf(0))
  assert.deepEqual(steered, [])
  pipeline.take(stuck!, runOf(1))
  assert.deepEqual(steered, ['stuck-0 off'])
  task.ack(0)
  task.ack(1)
  assert.deepEqual(steered, ['stuck-0 off', 'stuck-0 on'])
})

test('a full window asks the task to flush, and has room again when bytes are acknowledged', async () => {
  const task = new Manual()
  const { pipeline } = pipelineOf(task, 16 * KB)
  const [lane] = await pipeline.open([startOf('t')])
  pipeline.take(lane!, runOf(0))
  await pipeline.room()
  pipeline.take(lane!, runOf(1))
  assert.ok(pipeline.heldBytes > 16 * KB)
  let hasRoom = false
  const room = pipeline.room().then(() => {
    hasRoom = true
  })
  await new Promise(setImmediate)
  assert.deepEqual([task.told, hasRoom], [['open t', 'flush t'], false])
  task.ack(1)
  await room
})

test('record batches are delivered together up to the limit, and a larger one whole', async () => {
  const task = new Manual()
  const { pipeline } = pipelineOf(task, 1024 * KB)
  const [lane] = await pipeline.open([startOf('t')])
  const batches = [6, 6, 6, 40, 1].flatMap((size, i) => runOf(i, size * KB).batches)
  pipeline.take(lane!, { batches, nextOffset: 9, leaderEpoch: 0 })
  assert.deepEqual(task.batches.map(String), ['t-0 0…1', 't-0 2…2', 't-0 3…3', 't-0 4…4'])
  for (const [i] of task.batches.entries()) task.ack(i)
  assert.deepEqual(lane!.position, { offset: 9, leaderEpoch: 0 })
})

test('a damaged batch fails its partition at that offset, the others go on', async () => {
  class Reading extends SinkTask {
    async start(): Promise<void> {
      // nothing to prepare
    }

    override deliver: (batch$: Observable<SinkBatch>) => Observable<SinkAck> = eachBatch(async batch => void batch.records())
  }
  const { pipeline, failed } = pipelineOf(new Reading())
  const [damaged, sound] = await pipeline.open([startOf('damaged'), startOf('sound')])
  const run = runOf(0, 100)
  run.batches[0]!.bytes[90]! ^= 1
  pipeline.take(damaged!, run)
  pipeline.take(sound!, runOf(0, 100))
  await sound!.whenSettled()
  await damaged!.whenSettled()
  assert.deepEqual([damaged!.state, damaged!.committable, sound!.committable?.offset], ['failed', null, 1])
  assert.match(
    String(failed[0]?.message),
    /The records damaged-0 0…0 cannot be decoded: Corrupt record batch: its checksum is wrong/,
  )
  assert.equal(failed.length, 1)
})
