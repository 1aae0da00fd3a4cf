import { Subject } from 'rxjs'
import type { ConnectError, Logger } from '../api/index.ts'
import { Lifecycle, sleep } from '../flow/index.ts'
import type { PartitionRegistry } from './partition-status.ts'
import { RestartPolicy } from './restart-policy.ts'
import type { RestartSettings } from './settings.ts'
import type { TaskRunState, TaskStatus } from './status.ts'
import type { HostedTask, HostState, TaskHost } from './task-host.ts'

const ALL: readonly TaskRunState[] = ['STARTING', 'RUNNING', 'DRAINING', 'RESTARTING', 'STOPPED', 'FAILED']
const TRANSITIONS: Readonly<Record<TaskRunState, readonly TaskRunState[]>> = {
  STARTING: ALL,
  RUNNING: ['DRAINING', 'RESTARTING', 'STOPPED', 'FAILED'],
  DRAINING: ['STOPPED', 'FAILED', 'RESTARTING'],
  RESTARTING: ['STARTING', 'STOPPED'],
  STOPPED: [],
  FAILED: ['STOPPED'],
}

export interface TaskSupervisorOptions {
  readonly taskId: string
  readonly config: Readonly<Record<string, string>>
  /** One for each run. */
  readonly createHost: (task: HostedTask) => TaskHost
  readonly restart: RestartSettings
  readonly partitions: PartitionRegistry
  readonly logger: Logger
}

/** Keeps one task running: each failure ends one run, the next begins after a delay, until the restarts are used up. */
export class TaskSupervisor {
  readonly config: Readonly<Record<string, string>>
  readonly #options: TaskSupervisorOptions
  readonly #lifecycle: Lifecycle<TaskRunState>
  readonly #policy: RestartPolicy
  readonly #stopping = new AbortController()
  readonly #changes = new Subject<void>()
  readonly change$ = this.#changes.asObservable()
  #host: TaskHost | undefined
  #error: ConnectError | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: TaskSupervisorOptions) {
    this.config = options.config
    this.#options = options
    this.#policy = new RestartPolicy(options.restart)
    this.#lifecycle = new Lifecycle(`task ${options.taskId}`, 'STARTING', TRANSITIONS)
  }

  /** Once. Returns at once. */
  start(): void {
    this.#running = this.#run()
  }

  /** Drains, commits and stops. Resolves within the budget. */
  async stop(budgetMs?: number): Promise<void> {
    this.#stopping.abort()
    await this.#host?.stop(budgetMs)
    await this.#running
    this.#options.partitions.release(this.#options.taskId)
  }

  stopNow(): void {
    this.#stopping.abort()
    this.#host?.stopNow()
  }

  status(): TaskStatus {
    const { taskId, partitions } = this.#options
    return {
      taskId,
      state: this.#lifecycle.state,
      sinceMs: this.#lifecycle.sinceMs,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      restarts: this.#policy.total,
      commitFailures: this.#host?.commitFailures ?? 0,
      lastCommitMs: this.#host?.lastCommitMs ?? 0,
      usedBytes: this.#host?.usedBytes ?? 0,
      partitions: partitions.ownedBy(taskId),
    }
  }

  async #run(): Promise<void> {
    const { taskId, partitions, logger } = this.#options
    while (!this.#stopping.signal.aborted) {
      partitions.release(taskId)
      const error = await this.#runOnce()
      if (error === undefined || this.#stopping.signal.aborted) break
      this.#error = error
      const delayMs = error.kind === 'configuration' ? undefined : this.#policy.next()
      if (delayMs === undefined) {
        logger.error(
          { code: error.code, restarts: this.#policy.total },
          `Task ${taskId} is not restarted by itself any more: ${error.message}`,
        )
        this.#to('FAILED')
        return
      }
      logger.info({ delayMs, restart: this.#policy.total }, `Task ${taskId} is started again in ${delayMs} ms`)
      this.#to('RESTARTING')
      await sleep(delayMs, this.#stopping.signal)
    }
    partitions.release(taskId)
    this.#to('STOPPED')
  }

  async #runOnce(): Promise<ConnectError | undefined> {
    const { taskId, config, partitions, logger, createHost } = this.#options
    const host = createHost({ taskId, config, partitions: partitions.view(taskId), logger })
    this.#host = host
    this.#to('STARTING')
    const states = host.lifecycle.state$.subscribe({
      next: state => this.#follow(state),
      error: error => this.#options.logger.error({ error }, 'status'),
    })
    const error = await host.run()
    states.unsubscribe()
    return error
  }

  #follow(state: HostState): void {
    if (state === 'RUNNING') this.#error = undefined
    if (state === 'RUNNING' || state === 'DRAINING') this.#to(state)
  }

  #to(state: TaskRunState): void {
    if (this.#lifecycle.state !== state) this.#lifecycle.to(state)
    this.#changes.next()
  }
}
