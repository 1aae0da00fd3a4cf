import type { ConnectError } from '../../../framework/api/index.ts'
import {
  type ConnectorStatus,
  defaultRestartSettings,
  type PartitionRegistry,
  Worker,
  type WorkerStatus,
} from '../../../framework/runtime/index.ts'
import { withLogContext } from '../../../framework/telemetry/index.ts'
import { fencedOffsets, fencedWriter } from './fences.ts'
import type { ClosableOffsetStore, FlowConnector, FlowServices } from './flow-services.ts'

/** A mirror is left alone for months: it never stops trying. */
const RESTART = { ...defaultRestartSettings, max: Number.POSITIVE_INFINITY }
/** A cluster may be away for long while a connector starts; only one that hangs for good is given up. */
const CONNECTOR_TIMEOUT_MS = 600_000

export interface ActiveRunOptions {
  readonly services: FlowServices
  readonly offsets: ClosableOffsetStore
  readonly isActive: () => boolean
  /** Of the main connector, in all its runs. */
  readonly partitions: PartitionRegistry
  /** The status has changed. */
  readonly onChange: () => void
}

/** What the flow does as seen from its connector and tasks. */
export interface RunState {
  readonly state: 'STARTING' | 'RUNNING' | 'RETRYING' | 'FAILED'
  readonly error?: ConnectError
}

/** Copying, from the moment a process is the active one of its group until it stops being it. */
export class ActiveRun {
  readonly #options: ActiveRunOptions
  readonly #worker: Worker

  constructor(options: ActiveRunOptions) {
    const { services, onChange } = options
    this.#options = options
    this.#worker = new Worker({
      restart: RESTART,
      gracefulTimeoutMs: services.gracefulTimeoutMs,
      connectorTimeoutMs: CONNECTOR_TIMEOUT_MS,
      logContexts: true,
      logger: withLogContext(services.logger, services.name),
    })
    this.#worker.status$.subscribe({ next: onChange, error: onChange })
  }

  /** Resolves when the connectors and their first tasks run or have failed to. */
  async start(): Promise<void> {
    const { main, companions } = this.#options.services
    await Promise.all([main, ...companions].map(connector => this.#startConnector(connector)))
  }

  #startConnector(connector: FlowConnector): Promise<void> {
    const { offsets, isActive } = this.#options
    const { name, config, maxTasks, services } = connector
    return this.#worker.startConnector({
      ...(connector === this.#options.services.main && { partitions: this.#options.partitions }),
      name,
      config,
      maxTasks,
      createConnector: () => connector.createConnector(),
      services: {
        ...services,
        offsetStore: fencedOffsets(offsets.forConnector(connector.offsetsName), isActive),
        createWriter: async task => fencedWriter(await services.createWriter(task), isActive),
      },
    })
  }

  /** Drains, stores offsets and stops, within the graceful timeout. */
  stop(): Promise<void> {
    return this.#worker.stop()
  }

  stopNow(): void {
    this.#worker.stopNow()
  }

  /** The main one. */
  get connector(): ConnectorStatus | undefined {
    return this.#worker.status().connectors[0]
  }

  status(): WorkerStatus {
    return this.#worker.status()
  }

  get state(): RunState {
    return runStateOfAll(this.#worker.status().connectors)
  }
}

/** The first one's, with another's error beside it where it has none itself. */
export function runStateOfAll([main, ...companions]: readonly ConnectorStatus[]): RunState {
  const state = runStateOf(main)
  if (state.state !== 'RUNNING' || state.error !== undefined) return state
  return withError('RUNNING', companions.map(runStateOf).find(({ error }) => error !== undefined)?.error)
}

/** A connector that failed once its tasks ran (a refresh, say) does not stop them: the flow runs, with the error beside it. */
export function runStateOf(connector: ConnectorStatus | undefined): RunState {
  if (connector === undefined || connector.state === 'STARTING') return { state: 'STARTING' }
  const { tasks, error } = connector
  const failedTask = tasks.find(task => task.state === 'FAILED' || task.state === 'RESTARTING')
  const isCopying = tasks.some(task => task.state === 'RUNNING' || task.state === 'STARTING')
  if (connector.state === 'FAILED' && !isCopying) return withError(error?.kind === 'configuration' ? 'FAILED' : 'RETRYING', error)
  if (failedTask === undefined) return withError('RUNNING', error)
  const hasEnded = tasks.every(task => task.state === 'FAILED')
  return withError(hasEnded ? 'FAILED' : 'RETRYING', failedTask.error)
}

function withError(state: RunState['state'], error: ConnectError | undefined): RunState {
  return error === undefined ? { state } : { state, error }
}
