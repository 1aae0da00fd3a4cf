import type { ConnectorContext, SinkConnector, SourceConnector } from '../api/index.ts'
import { checkedConnector, checkedTask } from './connector-contract.ts'
import type { PartitionRegistry } from './partition-registry.ts'
import type { RunnableConnector } from './runnable-connector.ts'
import type { RestartSettings } from './settings.ts'
import type { SinkServices } from './sink-services.ts'
import { SinkTaskHost } from './sink-task-host.ts'
import { SourceTaskHost } from './source-task-host.ts'
import type { TargetState } from './status.ts'
import type { TaskServices } from './task-services.ts'

interface RunBase {
  readonly name: string
  /** Variables resolved. */
  readonly config: Readonly<Record<string, string>>
  /** As written, with its variables: what `describe` shows. `config` by default. */
  readonly rawConfig?: Readonly<Record<string, string>>
  readonly maxTasks: number
  /** RUNNING by default. */
  readonly initialState?: TargetState
  /** The worker's by default. */
  readonly restart?: RestartSettings
  /** Where counters are kept, for one that runs again later on; its own by default. */
  readonly partitions?: PartitionRegistry
}

export interface SourceRun extends RunBase {
  readonly kind?: 'source'
  /** Called for each start: the first, one after a failure, a pause or a stop. */
  readonly createConnector: () => SourceConnector
  /** What its tasks write to and store their offsets in. */
  readonly services: TaskServices
}

export interface SinkRun extends RunBase {
  readonly kind: 'sink'
  /** Called for each start: the first, one after a failure, a pause or a stop. */
  readonly createConnector: () => SinkConnector
  /** What its tasks read from, and as which group. */
  readonly services: SinkServices
}

/** A connector to run in a worker. */
export type ConnectorRun = SourceRun | SinkRun

/** @throws what `createConnector` throws; ConnectError CONTRACT_BROKEN */
export const runnableConnector = (run: ConnectorRun): RunnableConnector => {
  if (run.kind === 'sink') {
    const connector = checkedConnector(run.name, run.createConnector())
    const start = (context: ConnectorContext): Promise<void> => connector.start(context)
    return {
      ...callsOf(connector),
      start,
      createHost: task => {
        const createTask = () => checkedTask(task.taskId, connector.createTask(), ['start', 'deliver'])
        return new SinkTaskHost({ ...task, createTask, services: run.services })
      },
    }
  }
  const connector = checkedConnector(run.name, run.createConnector())
  const { offsetStore } = run.services
  return {
    ...callsOf(connector),
    start: context => connector.start({ ...context, offsets: partitions => offsetStore.load(partitions) }),
    createHost: task => {
      const createTask = () => checkedTask(task.taskId, connector.createTask(), ['start', 'batches'])
      return new SourceTaskHost({ ...task, createTask, services: run.services })
    },
  }
}

const callsOf = (connector: SourceConnector | SinkConnector): Omit<RunnableConnector, 'createHost' | 'start'> => ({
  taskConfigs: maxTasks => connector.taskConfigs(maxTasks),
  stop: async () => connector.stop?.(),
})
