import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceRecord, Transform } from '../../../../framework/api/index.ts'
import {
  defaultRecordErrorSettings,
  PartitionRegistry,
  RecordErrorCounts,
  type RecordErrorSettings,
  SourceTaskRunner,
} from '../../../../framework/runtime/index.ts'
import { encodeInMemory, MemoryLogger, MemoryPartWriter } from '../../../../framework/testing/index.ts'
import { fatal, ManualTask, settings, source, until } from './fixtures.ts'
import { bytes, marks, pipelineOf, TextConverter, values } from './text-stage.ts'

const a = source('a')
const b = source('b')

async function started(errors: Partial<RecordErrorSettings> = {}, transforms: readonly Transform[] = []) {
  const converter = new TextConverter()
  const writer = new MemoryPartWriter({ mode: 'manual' })
  const task = new ManualTask()
  const logger = new MemoryLogger()
  const counts = new RecordErrorCounts()
  const pipeline = pipelineOf(converter, transforms)
  const runner = new SourceTaskRunner({
    ...settings,
    taskId: 'clock-0',
    task,
    writer,
    encodeRecords: encodeInMemory,
    stage: { pipeline, errors: { ...defaultRecordErrorSettings, ...errors }, logging: 'error', counts, logger },
    partitions: new PartitionRegistry().view('clock-0'),
    onFailure: () => undefined,
    onPartitionFailed: () => undefined,
  })
  const ended = runner.run()
  ended.catch(() => undefined)
  await until(() => task.demands.length === 4, 'demands')
  const written = () =>
    [...writer.written('t', 0), ...writer.queued('t', 0).map(({ part }) => part)].map(({ bytes }) => String(bytes))
  return { runner, task, writer, converter, counts, logger, ended, written }
}

const committable = (runner: SourceTaskRunner) => runner.prefix.takeCommittable().map(([, { offset }]) => offset)

test('values are converted and written in order, whichever had to be waited for; the demand stays out meanwhile', async () => {
  const { runner, task, writer, converter, written, ended } = await started()
  task.emit(values(0, ['one', 'wait two']))
  task.emit(values(1, ['three']))
  await until(() => converter.waiting.size === 1)
  assert.deepEqual(written(), [])
  assert.equal(runner.usedBytes, 4 * settings.permitBytes)
  assert.equal(task.demands.length, 4)
  converter.finish('wait two')
  await until(() => writer.pending === 2)
  assert.deepEqual(written(), ['onewait two', 'three'])
  writer.ackAll()
  assert.deepEqual(committable(runner), [1])
  assert.deepEqual(
    task.acks.map(({ count }) => count),
    [2, 1],
  )
  await until(() => task.demands.length === 6, 'the next demands')
  runner.drain()
  await ended
})

test('a part whose records are all dropped moves the offset on, acknowledged with none', async () => {
  const { runner, task, writer } = await started({}, [marks])
  task.emit(values(0, ['drop', 'kept']), values(1, ['drop', 'drop too']))
  await until(() => writer.pending === 1)
  assert.deepEqual(committable(runner), [])
  writer.ackAll()
  assert.deepEqual(committable(runner), [1])
  assert.deepEqual(
    task.acks.map(({ count, baseOffset }) => [count, baseOffset]),
    [
      [1, 0],
      [0, -1],
    ],
  )
})

test('bytes and batches pass transforms by way of the converters; they stay in their partition, and as they are if nothing changes them', async () => {
  const { task, writer, converter } = await started({}, [marks])
  const [encoded] = encodeInMemory(bytes(0, ['x!', 'as it is', 'drop'], 3).records as readonly SourceRecord[])
  task.emit({ ...bytes(0, []), records: encoded! }, bytes(1, ['y!'], 2))
  await until(() => writer.pending === 2)
  assert.deepEqual(
    writer.queued('t', 3).map(({ part }) => String(part.bytes)),
    ['xas it is'],
  )
  assert.deepEqual(
    writer.queued('t', 2).map(({ part }) => String(part.bytes)),
    ['y'],
  )
  assert.deepEqual(converter.conversions, ['x', 'y'])
})

test('bytes without transforms are not looked at, and written at once', async () => {
  const { task, writer, converter } = await started()
  task.emit(bytes(0, ['x']))
  assert.equal(writer.pending, 1)
  assert.deepEqual(converter.conversions, [])
})

test('a stop finishes what is being converted', async () => {
  const { runner, task, writer, converter, ended } = await started()
  task.emit(values(0, ['wait']))
  await until(() => converter.waiting.size === 1)
  runner.drain()
  converter.finish('wait')
  await until(() => writer.pending === 1)
  writer.ackAll()
  await ended
  assert.deepEqual(committable(runner), [0])
})

test('a stop does not wait for what is to be tried again: it and all that follows is left to the next run', async () => {
  const { runner, task, writer, counts, ended } = await started({ retryTimeoutMs: -1 })
  task.emit(values(0, ['one']))
  await until(() => writer.pending === 1)
  task.emit(values(1, ['busy']))
  task.emit(values(2, ['three']))
  await until(() => counts.failures > 0)
  runner.drain()
  writer.ackAll()
  await ended
  assert.equal(writer.pending, 0)
  assert.deepEqual(committable(runner), [0])
})

test('what is busy is tried again in its turn, and nothing overtakes it', async () => {
  const { task, writer, converter, counts, written } = await started({ retryTimeoutMs: -1, retryDelayMaxMs: 1, tolerance: 'all' })
  task.emit(values(0, ['busy', 'two']))
  task.emit(values(1, ['three']))
  await until(() => counts.retries > 1)
  converter.isBusy = false
  await until(() => writer.pending === 2)
  assert.deepEqual(written(), ['busytwo', 'three'])
  assert.equal(counts.skipped, 0)
})

test('an abort waits for nothing, and what comes then is not written', async () => {
  const { runner, task, writer, converter, ended } = await started()
  task.emit(values(0, ['wait']))
  await until(() => converter.waiting.size === 1)
  runner.abort()
  await ended
  converter.finish('wait')
  await new Promise(setImmediate)
  assert.equal(writer.pending, 0)
})

test('a failure ends the run once what is being converted is done, which is not written any more', async () => {
  const { runner, task, writer, converter, ended } = await started()
  task.emit(values(0, ['wait']))
  await until(() => converter.waiting.size === 1)
  runner.fail(fatal('the writer is dead'))
  let isOver = false
  ended.catch(() => {
    isOver = true
  })
  await new Promise(setImmediate)
  assert.equal(isOver, false)
  converter.finish('wait')
  await assert.rejects(ended, /the writer is dead/)
  assert.equal(writer.pending, 0)
})

test('what came before the source failed or ended is still written', async () => {
  for (const how of ['failed', 'ended']) {
    const { task, writer, converter, ended } = await started()
    task.emit(values(0, ['wait']))
    await until(() => converter.waiting.size === 1)
    if (how === 'failed') task.batch$.error(new Error('the source is gone'))
    else task.batch$.complete()
    converter.finish('wait')
    await until(() => writer.pending === 1)
    writer.ackAll()
    if (how === 'failed') await assert.rejects(ended, /the source is gone/)
    else await ended
  }
})

test('parts of a source partition that fails meanwhile are dropped, those of others are not', async () => {
  const { runner, task, writer, converter, written } = await started()
  task.emit(values(0, ['wait']), values(1, ['of b'], b))
  await until(() => converter.waiting.size === 1)
  runner.partitionFailed(a, fatal('gone'))
  converter.finish('wait')
  await until(() => writer.pending === 1)
  assert.deepEqual(written(), ['of b'])
})

test('without tolerance a bad record fails the task; with it, it is passed over and logged', async () => {
  const strict = await started()
  strict.task.emit(values(0, ['one']))
  await until(() => strict.writer.pending === 1)
  strict.task.emit(values(1, ['two', 'bad']))
  await until(() => strict.counts.errors === 1)
  strict.writer.ackAll()
  await assert.rejects(strict.ended, /^ConnectError: Tolerance exceeded in error handler of task clock-0: .*bad is bad/)
  assert.deepEqual(committable(strict.runner), [0])
  const lenient = await started({ tolerance: 'all' })
  lenient.task.emit(values(0, ['two', 'bad']))
  await until(() => lenient.writer.pending === 1)
  assert.deepEqual(lenient.written(), ['two'])
  assert.equal(lenient.counts.skipped, 1)
  assert.match(lenient.logger.lines[0]?.message ?? '', /stage 'VALUE_CONVERTER' with class 'TextConverter'\.$/)
})

test('a transform that breaks its contract fails the task', async () => {
  const { task, ended } = await started({ tolerance: 'all' }, [{ apply: () => [] }])
  task.emit(values(0, ['one']))
  await assert.rejects(ended, { code: 'TRANSFORM_BROKEN' })
})

test('more batches than demands are told, also while one is being converted', async () => {
  const { task, converter, ended } = await started()
  for (let i = 0; i < 5; i++) task.emit(values(i, ['wait']))
  await until(() => converter.waiting.size === 1)
  converter.finish('wait')
  await assert.rejects(ended, /emitted a batch without a demand/)
})
