import { Subject, type Subscription } from 'rxjs'
import type { ConnectError, Logger } from '../api/index.ts'
import { Lifecycle } from '../flow/index.ts'
import { ChangeLoop } from './change-loop.ts'
import { INTERRUPTED } from './connector-instance.ts'
import { ConnectorInstances } from './connector-instances.ts'
import { type ConnectorRequest, ConnectorRequests, type Restart, type RestartOptions } from './connector-requests.ts'
import { ConnectorRetry } from './connector-retry.ts'
import { cannotTransition, connectorStopping, connectorTransitions } from './connector-states.ts'
import { toConnectError } from './errors.ts'
import { type PartitionHappening, PartitionRegistry } from './partition-registry.ts'
import type { RunnableConnector, TaskConfig } from './runnable-connector.ts'
import type { RestartSettings } from './settings.ts'
import { noStartups, type Startups } from './startups.ts'
import type { ConnectorRunState, ConnectorStatus, TargetState } from './status.ts'
import { checkedTaskConfigs } from './task-configs.ts'
import { TaskSet } from './task-set.ts'
import { untilAborted } from './until-aborted.ts'

export interface ConnectorRunnerOptions {
  readonly name: string
  readonly config: TaskConfig
  /** Called for each start. */
  readonly createConnector: () => RunnableConnector
  readonly maxTasks: number
  /** Keys that every task has as the connector has them, unless it says otherwise. */
  readonly commonKeys: readonly string[]
  readonly initialState: TargetState
  /** For its stop, unless that is given another budget. */
  readonly gracefulTimeoutMs: number
  /** How long one call of the connector may take. */
  readonly callTimeoutMs: number
  readonly restart: RestartSettings
  readonly kind: 'source' | 'sink'
  readonly partitions?: PartitionRegistry
  /** Counts how starts end; its own by default. */
  readonly startups?: Startups
  /** As `connector.class` has it; absent = not known. */
  readonly className?: string
  readonly logger: Logger
  readonly taskLogger: (index: number) => Logger
}

/**
 * Runs one connector and its tasks, and brings them to the state that is asked for, one change after the other. What the connector itself
 * asks for is coalesced. A connector whose code does not return is given up: neither its tasks nor a later request wait for it.
 */
export class ConnectorRunner {
  readonly name: string
  readonly partitions: PartitionRegistry
  readonly #options: ConnectorRunnerOptions
  readonly #lifecycle: Lifecycle<ConnectorRunState>
  readonly #changes = new Subject<void>()
  readonly change$ = this.#changes.asObservable()
  readonly #partitionEvents = new Subject<PartitionHappening>()
  readonly partitionEvent$ = this.#partitionEvents.asObservable()
  readonly #now = new AbortController()
  readonly #retry: ConnectorRetry
  readonly #requests: ConnectorRequests
  readonly #instances: ConnectorInstances
  readonly #tasks: TaskSet
  readonly #loop = new ChangeLoop(
    () => this.#isWorkDue(),
    () => this.#changeOnce(),
  )
  readonly #partitionChanges: Subscription
  #target: TargetState
  /** Ends the waiting for the connector's code. */
  #calls = new AbortController()
  #error: ConnectError | undefined
  #stopped: Promise<void> | undefined
  #isStopping = false
  #isReconfigurationDue = false

  constructor(options: ConnectorRunnerOptions) {
    const { name, restart, taskLogger, initialState, startups = noStartups() } = options
    this.name = name
    this.#options = options
    this.partitions = options.partitions ?? new PartitionRegistry()
    this.#retry = new ConnectorRetry(restart, () => this.#reconfigureSoon())
    this.#requests = new ConnectorRequests(name)
    this.#target = initialState
    this.#lifecycle = new Lifecycle(`connector ${name}`, 'STARTING', connectorTransitions)
    this.#instances = new ConnectorInstances({
      ...options,
      startups: startups.connectors,
      onRequest: () => this.#reconfigureSoon(),
      onRaise: error => this.#raise(error),
      onLate: error => this.#late(error),
    })
    this.#tasks = new TaskSet({
      name,
      restart,
      partitions: this.partitions,
      startups: startups.tasks,
      createHost: task => this.#instances.createHost(task),
      loggerOf: taskLogger,
      onChange: () => this.#changes.next(),
      onError: error => this.#late(error),
    })
    this.#partitionChanges = this.partitions.change$.subscribe({
      next: () => this.#changes.next(),
      error: error => this.#raise(toConnectError(error, 'STATUS', 'start', name)),
    })
    this.#partitionChanges.add(this.partitions.event$.subscribe(this.#partitionEvents))
  }

  /** Once. Resolves when the connector and its first tasks are started or have failed to; never rejects. */
  start(): Promise<void> {
    this.#isReconfigurationDue = true
    return this.#loop.run()
  }

  #reconfigureSoon(): void {
    if (this.#isStopping) return
    this.#isReconfigurationDue = true
    void this.#loop.run()
  }

  /**
   * Resolves when connector and tasks are in that state.
   * @throws ConnectError SUPERSEDED by a newer one; CONNECTOR_FAILED; CONNECTOR_STOPPING; what the connector failed with on the way
   */
  to(target: TargetState): Promise<void> {
    if (this.#isStopping) return Promise.reject(connectorStopping(this.name))
    const done = this.#requests.addTarget(target)
    if (target === 'PAUSED') this.#tasks.pause()
    if (target !== this.#target) this.#calls.abort()
    void this.#loop.run()
    return done
  }

  /** Resolves when what was to be restarted is being started. @throws ConnectError what the connector failed with; CONNECTOR_STOPPING */
  restart(restart: Restart): Promise<void> {
    if (this.#isStopping) return Promise.reject(connectorStopping(this.name))
    const done = this.#requests.addRestart(restart)
    void this.#loop.run()
    return done
  }

  /** Stops connector and tasks in parallel within one budget. Never rejects. */
  stop(budgetMs = this.#options.gracefulTimeoutMs): Promise<void> {
    this.#stopped ??= this.#stop(budgetMs)
    return this.#stopped
  }

  /** Waits for nothing: a `stop` under way resolves soon after. */
  stopNow(): void {
    this.#now.abort()
    this.#tasks.stopNow()
    this.#instances.leave()
    void this.stop(0)
  }

  status(): ConnectorStatus {
    const { total, nextStartMs } = this.#retry
    return {
      name: this.name,
      state: this.#lifecycle.state,
      sinceMs: this.#lifecycle.sinceMs,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      restarts: total,
      ...(nextStartMs === undefined ? {} : { nextStartMs }),
      totals: this.partitions.totals(),
      kind: this.#options.kind,
      ...(this.#options.className && { className: this.#options.className }),
      retries: this.partitions.retries,
      tasks: this.#tasks.status(),
    }
  }

  get taskConfigs(): readonly TaskConfig[] {
    return this.#tasks.configs
  }

  async #stop(budgetMs: number): Promise<void> {
    this.#isStopping = true
    this.#retry.cancel()
    this.#requests.refuseAll(connectorStopping(this.name))
    const timer = setTimeout(() => this.stopNow(), budgetMs)
    this.#calls.abort()
    const tasks = this.#tasks.stop(budgetMs)
    await untilAborted(this.#loop.settled, this.#now.signal, error => this.#late(error))
    await Promise.all([tasks, this.#instances.end()])
    clearTimeout(timer)
    this.#partitionChanges.unsubscribe()
    this.#to('STOPPED')
  }

  #isWorkDue(): boolean {
    return !this.#isStopping && (this.#isReconfigurationDue || !this.#requests.isEmpty)
  }

  async #changeOnce(): Promise<void> {
    this.#calls = new AbortController()
    const request = this.#requests.take()
    try {
      await (request === undefined ? this.#bring() : this.#fulfil(request))
      request?.done.resolve()
    } catch (cause) {
      const error = toConnectError(cause, 'CONNECTOR_FAILED', 'start', `Connector ${this.name}`)
      request?.done.reject(this.#isStopping ? connectorStopping(this.name) : error)
      if (error.code !== INTERRUPTED || !this.#calls.signal.aborted) this.#failed(error)
    }
  }

  async #fulfil(request: ConnectorRequest): Promise<void> {
    if (request.kind === 'restart') return this.#restart(request.restart)
    this.#target = request.target
    if (!this.#lifecycle.is('FAILED') || request.target === 'STOPPED') return this.#bring()
    if (request.target === 'PAUSED') this.#tasks.pause()
    else this.#tasks.resume()
    request.done.reject(cannotTransition(this.name, request.target, this.#error))
  }

  /** Brings connector and tasks to the target state. */
  async #bring(): Promise<void> {
    this.#retry.cancel()
    const { signal } = this.#calls
    try {
      if (this.#target === 'RUNNING') {
        this.#tasks.resume()
        if (!this.#instances.isStarted) await this.#startConnector(signal)
        if (this.#isReconfigurationDue) await this.#reconfigure()
      } else {
        this.#isReconfigurationDue = false
        if (this.#target === 'PAUSED') this.#tasks.pause()
        await Promise.all([this.#target === 'STOPPED' ? this.#tasks.apply([]) : undefined, this.#instances.stop(signal)])
      }
    } catch (error) {
      this.#isReconfigurationDue = false
      throw error
    }
    if (this.#isStopping || this.#lifecycle.is(this.#target)) return
    this.#error = undefined
    this.#to(this.#target)
  }

  async #startConnector(signal: AbortSignal): Promise<void> {
    if (this.#lifecycle.is('PAUSED', 'STOPPED')) this.#to('STARTING')
    this.#isReconfigurationDue = true
    await this.#instances.start(signal)
  }

  async #restart(restart: Restart): Promise<void> {
    if ('tasks' in restart) return this.#tasks.restart(restart.tasks)
    const { onlyFailed = false } = restart
    const tasks = this.#tasksOf(restart)
    try {
      if (onlyFailed && !this.#lifecycle.is('FAILED')) return
      this.#retry.forget()
      this.#to('RESTARTING')
      await this.#instances.stop(this.#calls.signal)
      await this.#bring()
    } finally {
      await this.#tasks.restart(tasks)
    }
  }

  #tasksOf({ includeTasks = false, onlyFailed = false }: RestartOptions): readonly number[] {
    if (!includeTasks) return []
    return this.#tasks.status().flatMap(({ state }, i) => (!onlyFailed || state === 'FAILED' ? [i] : []))
  }

  async #reconfigure(): Promise<void> {
    this.#isReconfigurationDue = false
    const answer = await this.#instances.taskConfigs(this.#options.maxTasks, this.#calls.signal)
    await this.#tasks.apply(checkedTaskConfigs(answer, this.#options))
  }

  /** A later request of the connector is another try, too. */
  #failed(error: ConnectError): void {
    this.#raise(error)
    if (error.kind !== 'configuration' && !this.#isStopping) this.#retry.later()
  }

  #raise(error: ConnectError): void {
    if (this.#isStopping) {
      this.#late(error)
      return
    }
    this.#error = error
    this.#options.logger.error({ error, code: error.code }, `Connector ${this.name} failed: ${error.message}`)
    if (this.#lifecycle.is('FAILED')) this.#changes.next()
    else this.#to('FAILED')
  }

  #to(state: ConnectorRunState): void {
    if (!this.#lifecycle.is(state)) this.#lifecycle.to(state)
    this.#changes.next()
  }

  #late(error: unknown): void {
    this.#options.logger.debug({ error }, `Connector ${this.name}: an error after it had stopped`)
  }
}
