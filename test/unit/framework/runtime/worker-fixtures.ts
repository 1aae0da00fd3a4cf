import assert from 'node:assert/strict'
import {
  type ConfigDefinition,
  type ConnectorContext,
  SourceConnector,
  type SourceTask,
} from '../../../../framework/api/index.ts'
import {
  type RestartSettings,
  type SourceRun,
  type TaskServices,
  Worker,
  type WorkerOptions,
} from '../../../../framework/runtime/index.ts'
import { encodeInMemory, MemoryLogger, MemoryOffsetStore, MemoryPartWriter } from '../../../../framework/testing/index.ts'
import { ManualTask, settings } from './fixtures.ts'

export const restart: RestartSettings = { max: 2, withinMs: 60_000, initialDelayMs: 1, maxDelayMs: 5 }

/** A connector whose tasks the test drives; it keeps what the worker told it. */
export class ManualConnector extends SourceConnector {
  readonly definition: ConfigDefinition = {}
  readonly tasks: ManualTask[] = []
  configs: Readonly<Record<string, string>>[] = [{ of: 'a' }]
  context!: ConnectorContext
  calls: string[] = []
  busy = 0
  stopped = 0

  async start(context: ConnectorContext): Promise<void> {
    this.context = context
    this.calls.push('start')
  }

  async taskConfigs(): Promise<readonly Readonly<Record<string, string>>[]> {
    assert.equal(this.busy++, 0, 'never two at a time')
    this.calls.push('taskConfigs')
    await new Promise(setImmediate)
    this.busy--
    return this.configs
  }

  createTask(): SourceTask {
    const task = new ManualTask()
    this.tasks.push(task)
    return task
  }

  override async stop(): Promise<void> {
    this.stopped++
  }
}

export interface TestWorkerOptions extends Partial<WorkerOptions> {
  readonly mode?: 'auto' | 'manual'
  readonly taskTimeoutMs?: number
}

/** A worker whose targets and offsets are in memory. */
export function workerOf({ mode = 'auto', taskTimeoutMs = settings.gracefulTimeoutMs, ...options }: TestWorkerOptions = {}) {
  const logger = new MemoryLogger()
  const worker = new Worker({ restart, gracefulTimeoutMs: 2_000, logger, ...options })
  const store = new MemoryOffsetStore()
  const writers: MemoryPartWriter[] = []
  const services: TaskServices = {
    offsetStore: store,
    settings: { ...settings, gracefulTimeoutMs: taskTimeoutMs },
    encodeRecords: encodeInMemory,
    createWriter: async () => {
      const writer = new MemoryPartWriter({ mode })
      writers.push(writer)
      return writer
    },
  }
  const start = (connector: SourceConnector, name = 'c', maxTasks = 4, run: Partial<SourceRun> = {}) =>
    worker.startConnector({ name, config: {}, createConnector: () => connector, maxTasks, services, ...run })
  return { worker, logger, store, services, start, writers }
}

export const connectorState = (worker: Worker, name = 'c') => worker.status().connectors.find(one => one.name === name)?.state

export const taskStates = (worker: Worker) =>
  worker.status().connectors.flatMap(connector => connector.tasks.map(task => task.state))
