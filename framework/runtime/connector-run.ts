import type { ConnectorContext, SinkConnector, SourceConnector } from '../api/index.ts'
import type { RunnableConnector } from './connector-runner.ts'
import type { RestartSettings } from './settings.ts'
import type { SinkServices } from './sink-services.ts'
import { SinkTaskHost } from './sink-task-host.ts'
import { SourceTaskHost, type TaskServices } from './source-task-host.ts'

interface RunBase {
  readonly name: string
  readonly config: Readonly<Record<string, string>>
  readonly maxTasks: number
  /** The worker's by default. */
  readonly restart?: RestartSettings
}

export interface SourceRun extends RunBase {
  readonly kind?: 'source'
  /** Called once, and again after a failed start. */
  readonly createConnector: () => SourceConnector
  /** What its tasks write to and store their offsets in. */
  readonly services: TaskServices
}

export interface SinkRun extends RunBase {
  readonly kind: 'sink'
  /** Called once, and again after a failed start. */
  readonly createConnector: () => SinkConnector
  /** What its tasks read from, and as which group. */
  readonly services: SinkServices
}

/** A connector to run in a worker. */
export type ConnectorRun = SourceRun | SinkRun

export const runnableConnector = (run: ConnectorRun): RunnableConnector => {
  if (run.kind === 'sink') {
    const connector = run.createConnector()
    const createTask = () => connector.createTask()
    const start = (context: ConnectorContext): Promise<void> => connector.start(context)
    return { ...callsOf(connector), start, createHost: task => new SinkTaskHost({ ...task, createTask, services: run.services }) }
  }
  const connector = run.createConnector()
  const createTask = () => connector.createTask()
  const { offsetStore } = run.services
  return {
    ...callsOf(connector),
    start: context => connector.start({ ...context, offsets: partitions => offsetStore.load(partitions) }),
    createHost: task => new SourceTaskHost({ ...task, createTask, services: run.services }),
  }
}

const callsOf = (connector: SourceConnector | SinkConnector): Omit<RunnableConnector, 'createHost' | 'start'> => ({
  taskConfigs: maxTasks => connector.taskConfigs(maxTasks),
  stop: async () => connector.stop?.(),
})
