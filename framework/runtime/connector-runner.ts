import { Subject, type Subscription } from 'rxjs'
import { ConnectError, type ConnectorContext, type Logger } from '../api/index.ts'
import { Lifecycle } from '../flow/index.ts'
import { toConnectError } from './errors.ts'
import { PartitionRegistry } from './partition-status.ts'
import { RestartPolicy } from './restart-policy.ts'
import type { RestartSettings } from './settings.ts'
import type { ConnectorRunState, ConnectorStatus } from './status.ts'
import type { HostedTask, TaskHost } from './task-host.ts'
import { TaskSupervisor } from './task-supervisor.ts'
import { untilAborted } from './until-aborted.ts'

type TaskConfig = Readonly<Record<string, string>>

const TRANSITIONS: Readonly<Record<ConnectorRunState, readonly ConnectorRunState[]>> = {
  STARTING: ['RUNNING', 'FAILED', 'STOPPED'],
  RUNNING: ['FAILED', 'STOPPED'],
  FAILED: ['RUNNING', 'STOPPED'],
  STOPPED: [],
}

/** A connector of either kind, and how one of its tasks is run. */
export interface RunnableConnector {
  start(context: ConnectorContext): Promise<void>
  taskConfigs(maxTasks: number): Promise<readonly TaskConfig[]>
  createHost(task: HostedTask): TaskHost
  stop(): Promise<void>
}

export interface ConnectorRunnerOptions {
  readonly name: string
  readonly config: Readonly<Record<string, string>>
  /** Called again after a failed start. */
  readonly createConnector: () => RunnableConnector
  readonly maxTasks: number
  /** For its stop, unless that is given another budget. */
  readonly gracefulTimeoutMs: number
  readonly restart: RestartSettings
  readonly logger: Logger
}

/**
 * Runs one connector and its tasks. The connector's methods are called one at a time; requests to reconfigure are coalesced; only tasks
 * whose configuration changed are stopped (with their last commit) and started again.
 */
export class ConnectorRunner {
  readonly name: string
  readonly partitions = new PartitionRegistry()
  readonly #options: ConnectorRunnerOptions
  readonly #lifecycle: Lifecycle<ConnectorRunState>
  readonly #changes = new Subject<void>()
  readonly #now = new AbortController()
  readonly change$ = this.#changes.asObservable()
  readonly #followed = new Map<TaskSupervisor, Subscription>()
  #tasks: TaskSupervisor[] = []
  #error: ConnectError | undefined
  readonly #policy: RestartPolicy
  #connector: RunnableConnector | undefined
  #retry: NodeJS.Timeout | undefined
  #stopped: Promise<void> | undefined
  #isStarted = false
  #isStopping = false
  #isReconfigurationDue = false
  #reconciling: Promise<void> | undefined

  constructor(options: ConnectorRunnerOptions) {
    this.name = options.name
    this.#policy = new RestartPolicy(options.restart)
    this.#options = options
    this.#lifecycle = new Lifecycle(`connector ${options.name}`, 'STARTING', TRANSITIONS)
    this.partitions.change$.subscribe({
      next: () => this.#changes.next(),
      error: error => this.#raise(toConnectError(error, 'STATUS', 'start', this.name)),
    })
  }

  /** Once. Resolves when the connector and its first tasks are started or have failed to; never rejects. */
  start(): Promise<void> {
    this.#isReconfigurationDue = true
    return this.#reconcile()
  }

  /** Stops connector and tasks in parallel within one budget. Never rejects. */
  stop(budgetMs = this.#options.gracefulTimeoutMs): Promise<void> {
    this.#stopped ??= this.#stop(budgetMs)
    return this.#stopped
  }

  /** Waits for nothing: a `stop` under way resolves soon after. */
  stopNow(): void {
    this.#now.abort()
    for (const task of this.#followed.keys()) task.stopNow()
    void this.stop(0)
  }

  status(): ConnectorStatus {
    return {
      name: this.name,
      state: this.#lifecycle.state,
      sinceMs: this.#lifecycle.sinceMs,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      tasks: this.#tasks.map(task => task.status()),
    }
  }

  async #stop(budgetMs: number): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#retry)
    const timer = setTimeout(() => this.stopNow(), budgetMs)
    const tasks = [...this.#followed.keys()].map(task => task.stop(budgetMs))
    await untilAborted(this.#reconciling ?? Promise.resolve(), this.#now.signal, error => this.#late(error))
    await Promise.all([...tasks, this.#stopConnector()])
    await Promise.all([...this.#followed.keys()].map(task => task.stop(budgetMs)))
    clearTimeout(timer)
    for (const subscription of this.#followed.values()) subscription.unsubscribe()
    this.#to('STOPPED')
  }

  #requestReconfiguration(): void {
    this.#isReconfigurationDue = true
    if (this.#isStarted) void this.#reconcile()
  }

  /** One at a time; what is requested meanwhile is done by the one under way. */
  #reconcile(): Promise<void> {
    this.#reconciling ??= this.#reconcileAll().finally(() => {
      this.#reconciling = undefined
      if (this.#isReconfigurationDue && !this.#isStopping) void this.#reconcile()
    })
    return this.#reconciling
  }

  async #reconcileAll(): Promise<void> {
    while (this.#isReconfigurationDue && !this.#isStopping) {
      this.#isReconfigurationDue = false
      try {
        if (!this.#isStarted) await this.#startConnector()
        await this.#reconfigure()
        if (!this.#lifecycle.is('RUNNING')) this.#recovered()
      } catch (error) {
        this.#isReconfigurationDue = false
        this.#retryLater(toConnectError(error, 'CONNECTOR_FAILED', 'start', `Connector ${this.name}`))
      }
    }
  }

  async #startConnector(): Promise<void> {
    const { createConnector, name, config, logger } = this.#options
    await this.#stopConnector()
    this.#connector = createConnector()
    await this.#connector.start({
      name,
      config,
      logger,
      requestTaskReconfiguration: () => this.#requestReconfiguration(),
      raiseError: error => this.#raise(error),
    })
    this.#isStarted = true
  }

  async #reconfigure(): Promise<void> {
    const { maxTasks } = this.#options
    const connector = this.#connector!
    const configs = await connector.taskConfigs(maxTasks)
    if (this.#isStopping) return
    if (configs.length > maxTasks) {
      const message = `Connector ${this.name} made ${configs.length} task configurations although tasks.max is ${maxTasks}`
      throw new ConnectError('TOO_MANY_TASKS', message, { kind: 'fatal', stage: 'start' })
    }
    const kept = configs.map((config, i) => (isSame(this.#tasks[i]?.config, config) ? this.#tasks[i] : undefined))
    const outgoing = this.#tasks.filter(task => !kept.includes(task))
    await Promise.all(outgoing.map(task => this.#stopTask(task)))
    if (this.#isStopping) return
    this.#tasks = configs.map((config, i) => kept[i] ?? this.#startTask(connector, i, config))
    this.#changes.next()
  }

  #startTask(connector: RunnableConnector, index: number, config: TaskConfig): TaskSupervisor {
    const { restart, logger } = this.#options
    const taskId = `${this.name}-${index}`
    const task = new TaskSupervisor({
      taskId,
      config,
      restart,
      createHost: task => connector.createHost(task),
      partitions: this.partitions,
      logger: logger.child({ task: taskId }),
    })
    const onError = (error: unknown) => this.#late(error)
    this.#followed.set(task, task.change$.subscribe({ next: () => this.#changes.next(), error: onError }))
    task.start()
    return task
  }

  async #stopTask(task: TaskSupervisor): Promise<void> {
    await task.stop()
    this.#followed.get(task)?.unsubscribe()
    this.#followed.delete(task)
  }

  async #stopConnector(): Promise<void> {
    const connector = this.#connector
    this.#connector = undefined
    try {
      await untilAborted(Promise.resolve(connector?.stop()), this.#now.signal, error => this.#late(error))
    } catch (error) {
      this.#options.logger.warn({ error }, `Connector ${this.name} failed while stopping`)
    }
  }

  /** A later request of the connector is another try, too. */
  #retryLater(error: ConnectError): void {
    this.#raise(error)
    const delayMs = error.kind === 'configuration' ? undefined : this.#policy.next()
    if (delayMs === undefined || this.#isStopping) return
    this.#retry = setTimeout(() => {
      this.#isReconfigurationDue = true
      void this.#reconcile()
    }, delayMs)
  }

  #raise(error: ConnectError): void {
    if (this.#isStopping) {
      this.#late(error)
      return
    }
    this.#error = error
    this.#options.logger.error({ error, code: error.code }, `Connector ${this.name} failed: ${error.message}`)
    if (this.#lifecycle.is('STARTING', 'RUNNING')) this.#to('FAILED')
    else this.#changes.next()
  }

  #recovered(): void {
    this.#error = undefined
    this.#to('RUNNING')
  }

  #to(state: ConnectorRunState): void {
    this.#lifecycle.to(state)
    this.#changes.next()
  }

  #late(error: unknown): void {
    this.#options.logger.debug({ error }, `Connector ${this.name}: an error after it had stopped`)
  }
}

function isSame(a: TaskConfig | undefined, b: TaskConfig): boolean {
  if (a === undefined) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key])
}
