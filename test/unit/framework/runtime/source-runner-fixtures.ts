import type { ConnectError, SourceTask } from '../../../../framework/api/index.ts'
import { PartitionRegistry, SourceTaskRunner, type SourceTaskRunnerOptions } from '../../../../framework/runtime/index.ts'
import { encodeInMemory, MemoryPartWriter } from '../../../../framework/testing/index.ts'
import { ManualTask, settings, until } from './fixtures.ts'

export function runnerOf(task: SourceTask, writer: MemoryPartWriter, options: Partial<SourceTaskRunnerOptions> = {}) {
  const failures: ConnectError[] = []
  const failedPartitions: ConnectError[] = []
  const registry = new PartitionRegistry()
  const runner = new SourceTaskRunner({
    ...settings,
    taskId: 'clock-0',
    task,
    writer,
    encodeRecords: encodeInMemory,
    partitions: registry.view('clock-0'),
    onFailure: error => failures.push(error),
    onPartitionFailed: (_, error) => failedPartitions.push(error),
    ...options,
  })
  return { runner, registry, failures, failedPartitions }
}

export async function started(options: Partial<SourceTaskRunnerOptions> = {}, task = new ManualTask()) {
  const writer = new MemoryPartWriter({ mode: 'manual' })
  const context = runnerOf(task, writer, options)
  const ended = context.runner.run()
  ended.catch(() => undefined)
  await until(() => task.demands.length > 0, 'demand')
  return { ...context, task, writer, ended }
}
