import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../../../../framework/api/index.ts'
import { PartitionRegistry, SourceTaskHost, type TaskServices } from '../../../../framework/runtime/index.ts'
import { encodeInMemory, MemoryLogger, MemoryOffsetStore, MemoryPartWriter } from '../../../../framework/testing/index.ts'
import { ManualTask, settings, until } from './fixtures.ts'
import { pipelineOf, TextConverter, values } from './text-stage.ts'

function hostOf(task: ManualTask, options: Partial<TaskServices>) {
  const services = {
    offsetStore: new MemoryOffsetStore(),
    createWriter: async () => new MemoryPartWriter(),
    encodeRecords: encodeInMemory,
  }
  return new SourceTaskHost({
    taskId: 'c-0',
    config: {},
    createTask: () => task,
    services: { ...services, settings, ...options },
    partitions: new PartitionRegistry().view('c-0'),
    logger: new MemoryLogger(),
  })
}

test('converters and transforms are opened for each run, and closed at its end', async () => {
  const converter = new TextConverter()
  const task = new ManualTask()
  const host = hostOf(task, { openPipeline: async () => pipelineOf(converter, []) })
  const ran = host.run()
  await until(() => task.demands.length > 0)
  task.emit(values(0, ['one']))
  await until(() => task.acks.length === 1)
  assert.equal(converter.closed, 0)
  await host.stop()
  assert.equal(await ran, undefined)
  assert.ok(converter.closed > 0)
})

test('mistakes in the configuration of converters fail the start with all problems', async () => {
  const problems = ['key.converter', 'value.converter'].map(key => ({ key, message: 'is missing' }))
  const host = hostOf(new ManualTask(), { openPipeline: () => Promise.reject(new ConfigError(problems)) })
  const error = await host.run()
  assert.ok(error instanceof ConfigError && error.problems.length === 2)
})

test('values without converters are told what is missing', async () => {
  const task = new ManualTask()
  const host = hostOf(task, {})
  const ran = host.run()
  await until(() => task.demands.length > 0)
  task.emit(values(0, ['one']))
  assert.match((await ran)?.message ?? '', /emitted values, but the services it runs on have no converters/)
})
