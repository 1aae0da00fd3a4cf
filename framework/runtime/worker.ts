import { auditTime, defer, map, type Observable, Subject, startWith } from 'rxjs'
import { ConnectError, type Logger } from '../api/index.ts'
import { inComponent, withLogContext } from '../telemetry/index.ts'
import type { RestartOptions } from './connector-requests.ts'
import { type ConnectorRun, runnableConnector } from './connector-run.ts'
import { ConnectorRunner } from './connector-runner.ts'
import { type ConnectorDescription, describedTaskConfigs } from './described-configs.ts'
import { healthOf, type WorkerHealth } from './health.ts'
import type { PartitionHappening } from './partition-registry.ts'
import type { RestartSettings } from './settings.ts'
import { noStartups } from './startups.ts'
import type { WorkerStatus } from './status.ts'

/** Changes of states are gathered this long before `status$` tells of them. */
const STATUS_QUIET_MS = 100
const CALL_TIMEOUT_MS = 30_000
/** What every task of a sink has as its connector has it. */
const SINK_KEYS: readonly string[] = ['topics', 'topics.regex']

export interface WorkerOptions {
  /** For connectors that do not bring their own. */
  readonly restart: RestartSettings
  /** `task.shutdown.graceful.timeout.ms`: one budget for everything that runs. */
  readonly gracefulTimeoutMs: number
  /** How long `start`, `taskConfigs` or `stop` of a connector may take before it is given up and FAILED; 30 s by default. */
  readonly connectorTimeoutMs?: number
  /** Messages of connectors and tasks begin with their context, as Kafka Connect's do: `[orders|task-0] `. False by default. */
  readonly logContexts?: boolean
  readonly logger: Logger
}

export interface WorkerPartitionEvent {
  readonly connector: string
  readonly happening: PartitionHappening
}

/** Runs connectors and their tasks in this process. What is done to one connector is done one after the other, and never waits for another's. */
export class Worker {
  readonly #options: WorkerOptions
  readonly #connectors = new Map<string, { readonly run: ConnectorRun; readonly runner: ConnectorRunner }>()
  readonly #changes = new Subject<void>()
  readonly #startups = noStartups()
  /** The status now, and after each change of a state; counters inside are live. */
  readonly status$: Observable<WorkerStatus> = defer(() =>
    this.#changes.pipe(
      auditTime(STATUS_QUIET_MS),
      startWith(undefined),
      map(() => this.status()),
    ),
  )
  readonly #partitionEvents = new Subject<WorkerPartitionEvent>()
  /** What is out of the ordinary about the partitions of connectors, as it happens. */
  readonly partitionEvent$ = this.#partitionEvents.asObservable()
  #isStopping = false

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  /** Resolves when the connector and its first tasks are started or have failed to: the status tells. @throws ConnectError CONNECTOR_EXISTS */
  async startConnector(run: ConnectorRun): Promise<void> {
    const { name } = run
    if (this.#isStopping) throw refused('WORKER_STOPPING', `Connector ${name} cannot be started: the worker is stopping`)
    if (this.#connectors.has(name)) throw refused('CONNECTOR_EXISTS', `Connector ${name} runs already: stop it first`)
    const runner = this.#createRunner(run)
    this.#connectors.set(name, { run, runner })
    runner.change$.subscribe({ next: () => this.#changes.next(), error: (error: unknown) => this.#changes.error(error) })
    runner.partitionEvent$.subscribe({
      next: happening => this.#partitionEvents.next({ connector: name, happening }),
      error: (error: unknown) => this.#changes.error(error),
    })
    await runner.start()
  }

  /** Ends the connector and forgets it. @throws ConnectError CONNECTOR_UNKNOWN */
  async stopConnector(name: string): Promise<void> {
    await this.#runner(name).stop(this.#options.gracefulTimeoutMs)
    this.#connectors.delete(name)
    this.#changes.next()
  }

  /**
   * PAUSED: the connector is stopped, its tasks read and write nothing more but keep their places. Resolves when it is so; what `ConnectorRunner.to`
   * throws besides CONNECTOR_UNKNOWN.
   */
  async pauseConnector(name: string): Promise<void> {
    await this.#runner(name).to('PAUSED')
  }

  /** STOPPED: the connector is stopped, its tasks are gone; `resumeConnector` makes new ones. Otherwise as `pauseConnector`. */
  async suspendConnector(name: string): Promise<void> {
    await this.#runner(name).to('STOPPED')
  }

  /** RUNNING again. Otherwise as `pauseConnector`. */
  async resumeConnector(name: string): Promise<void> {
    await this.#runner(name).to('RUNNING')
  }

  /** A new connector object is started in the place of the old one, also after a failure. Rejects with what it failed with. */
  async restartConnector(name: string, options: RestartOptions = {}): Promise<void> {
    await this.#runner(name).restart(options)
  }

  /** Ends one task and starts it again. @throws ConnectError CONNECTOR_UNKNOWN, TASK_UNKNOWN */
  async restartTask(name: string, index: number): Promise<void> {
    const runner = this.#runner(name)
    const tasks = runner.taskConfigs.length
    if (runner.taskConfigs[index] === undefined) {
      throw refused('TASK_UNKNOWN', `Connector ${name} has no task ${index}: it has ${tasks} at present`)
    }
    await runner.restart({ tasks: [index] })
  }

  /** Configurations as they may be shown: variables as written, never what they stand for. @throws ConnectError CONNECTOR_UNKNOWN */
  describe(name: string): ConnectorDescription {
    const { run, runner } = this.#known(name)
    const { config, rawConfig = config, kind = 'source' } = run
    const tasks = describedTaskConfigs(runner.taskConfigs, rawConfig, config)
    return { name, kind, config: rawConfig, tasks: tasks.map((one, i) => ({ taskId: `${name}-${i}`, config: one })) }
  }

  /** Drains, commits and stops everything in parallel; resolves at the latest after the graceful timeout. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all([...this.#connectors.values()].map(({ runner }) => runner.stop(this.#options.gracefulTimeoutMs)))
  }

  /** Stops without waiting for anything; a `stop` under way resolves soon after. */
  stopNow(): void {
    this.#isStopping = true
    for (const { runner } of this.#connectors.values()) runner.stopNow()
  }

  status(): WorkerStatus {
    return { connectors: [...this.#connectors.values()].map(({ runner }) => runner.status()), startups: this.#startups }
  }

  health(): WorkerHealth {
    return healthOf(this.status())
  }

  #createRunner(run: ConnectorRun): ConnectorRunner {
    const { name, config, maxTasks, kind = 'source', initialState = 'RUNNING', restart = this.#options.restart } = run
    const { connectorTimeoutMs: callTimeoutMs = CALL_TIMEOUT_MS } = this.#options
    const logger = this.#options.logger.child({ connector: name })
    const ofTasks = inComponent(logger, 'isthmus.runtime.task')
    return new ConnectorRunner({
      name,
      config,
      maxTasks,
      initialState,
      restart,
      callTimeoutMs,
      kind,
      startups: this.#startups,
      ...(config['connector.class'] && { className: config['connector.class'] }),
      ...(run.partitions && { partitions: run.partitions }),
      commonKeys: kind === 'sink' ? SINK_KEYS : [],
      gracefulTimeoutMs: run.services.settings.gracefulTimeoutMs,
      createConnector: () => runnableConnector(run),
      logger: this.#inContext(inComponent(logger, 'isthmus.runtime'), `${name}|worker`),
      taskLogger: index => this.#inContext(ofTasks.child({ task: `${name}-${index}` }), `${name}|task-${index}`),
    })
  }

  #inContext(logger: Logger, path: string): Logger {
    return this.#options.logContexts === true ? withLogContext(logger, path) : logger
  }

  #runner(name: string): ConnectorRunner {
    return this.#known(name).runner
  }

  #known(name: string): { readonly run: ConnectorRun; readonly runner: ConnectorRunner } {
    const known = this.#connectors.get(name)
    if (known === undefined) throw refused('CONNECTOR_UNKNOWN', `No connector ${name} runs here`)
    return known
  }
}

function refused(code: string, message: string): ConnectError {
  return new ConnectError(code, message, { kind: 'fatal', stage: 'start' })
}
