import { auditTime, defer, map, type Observable, Subject, startWith } from 'rxjs'
import { ConnectError, type Logger } from '../api/index.ts'
import { type ConnectorRun, runnableConnector } from './connector-run.ts'
import { ConnectorRunner } from './connector-runner.ts'
import type { RestartSettings } from './settings.ts'
import type { WorkerStatus } from './status.ts'

/** Changes of states are gathered this long before `status$` tells of them. */
const STATUS_QUIET_MS = 100

export interface WorkerOptions {
  readonly restart: RestartSettings
  /** `task.shutdown.graceful.timeout.ms`: one budget for everything that runs. */
  readonly gracefulTimeoutMs: number
  readonly logger: Logger
}

/** Runs connectors and their tasks in this process. */
export class Worker {
  readonly #options: WorkerOptions
  readonly #runners = new Map<string, ConnectorRunner>()
  readonly #changes = new Subject<void>()
  /** The status now, and after each change of a state; counters inside are live. */
  readonly status$: Observable<WorkerStatus> = defer(() =>
    this.#changes.pipe(
      auditTime(STATUS_QUIET_MS),
      startWith(undefined),
      map(() => this.status()),
    ),
  )
  #isStopping = false

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  /** Resolves when the connector and its first tasks are started or have failed to: the status tells. */
  async startConnector(run: ConnectorRun): Promise<void> {
    if (this.#isStopping) throw refused('WORKER_STOPPING', `Connector ${run.name} cannot be started: the worker is stopping`)
    if (this.#runners.has(run.name)) throw refused('CONNECTOR_EXISTS', `Connector ${run.name} runs already: stop it first`)
    const { name, config, maxTasks, restart = this.#options.restart } = run
    const logger = this.#options.logger.child({ connector: name })
    const { gracefulTimeoutMs } = run.services.settings
    const createConnector = () => runnableConnector(run)
    const runner = new ConnectorRunner({ name, config, maxTasks, restart, gracefulTimeoutMs, createConnector, logger })
    this.#runners.set(run.name, runner)
    runner.change$.subscribe({ next: () => this.#changes.next(), error: (error: unknown) => this.#changes.error(error) })
    await runner.start()
  }

  async stopConnector(name: string): Promise<void> {
    const runner = this.#runners.get(name)
    if (runner === undefined) throw refused('CONNECTOR_UNKNOWN', `No connector ${name} runs here`)
    await runner.stop(this.#options.gracefulTimeoutMs)
    this.#runners.delete(name)
    this.#changes.next()
  }

  /** Drains, commits and stops everything in parallel; resolves at the latest after the graceful timeout. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all([...this.#runners.values()].map(runner => runner.stop(this.#options.gracefulTimeoutMs)))
  }

  /** Stops without waiting for anything; a `stop` under way resolves soon after. */
  stopNow(): void {
    this.#isStopping = true
    for (const runner of this.#runners.values()) runner.stopNow()
  }

  status(): WorkerStatus {
    return { connectors: [...this.#runners.values()].map(runner => runner.status()) }
  }
}

function refused(code: string, message: string): ConnectError {
  return new ConnectError(code, message, { kind: 'fatal', stage: 'start' })
}
