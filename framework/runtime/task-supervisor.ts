import { Subject } from 'rxjs'
import type { ConnectError, Logger } from '../api/index.ts'
import { type Deferred, deferred, Lifecycle, sleep } from '../flow/index.ts'
import { toConnectError } from './errors.ts'
import type { PartitionRegistry } from './partition-registry.ts'
import { addedCounts } from './record-error-totals.ts'
import { RecordErrorCounts } from './record-errors.ts'
import { RestartPolicy } from './restart-policy.ts'
import type { RestartSettings } from './settings.ts'
import type { StartupCount } from './startups.ts'
import type { Failure, TaskRunState, TaskStatus } from './status.ts'
import type { HostedTask, HostState, TaskHost } from './task-host.ts'
import { untilAborted } from './until-aborted.ts'

const ALL: readonly TaskRunState[] = ['STARTING', 'RUNNING', 'PAUSED', 'DRAINING', 'RESTARTING', 'STOPPED', 'FAILED']
const TRANSITIONS: Readonly<Record<TaskRunState, readonly TaskRunState[]>> = {
  STARTING: ALL,
  RUNNING: ['PAUSED', 'DRAINING', 'RESTARTING', 'STOPPED', 'FAILED'],
  PAUSED: ['STARTING', 'RUNNING', 'DRAINING', 'RESTARTING', 'STOPPED', 'FAILED'],
  DRAINING: ['STOPPED', 'FAILED', 'RESTARTING'],
  RESTARTING: ['STARTING', 'PAUSED', 'STOPPED'],
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
  /** Counts how starts of tasks end. */
  readonly startups: StartupCount
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
  /** Of the runs before this one. */
  #recordErrors = new RecordErrorCounts()
  #error: ConnectError | undefined
  #lastFailure: Failure | undefined
  /** Undefined = not paused. */
  #paused: Deferred<void> | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: TaskSupervisorOptions) {
    this.config = options.config
    this.#options = options
    this.#policy = new RestartPolicy(options.restart)
    this.#lifecycle = new Lifecycle(`task ${options.taskId}`, 'STARTING', TRANSITIONS)
    options.partitions.totalsOf(options.taskId).states.begin('STARTING')
  }

  /** Once. Returns at once. */
  start(): void {
    this.#running = this.#run()
  }

  /** No further records until `resume`, and no further run: one that has not begun waits. */
  pause(): void {
    this.#paused ??= deferred()
    this.#host?.pause()
    if (this.#host?.lifecycle.state === 'RUNNING') this.#to('PAUSED')
  }

  resume(): void {
    if (this.#paused === undefined) return
    this.#paused.resolve()
    this.#paused = undefined
    this.#host?.resume()
    if (this.#host?.lifecycle.state === 'RUNNING') this.#to('RUNNING')
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
    const { taskId } = this.#options
    const host = this.#host
    const partitions = this.#options.partitions.ownedBy(taskId)
    return {
      taskId,
      state: this.#lifecycle.state,
      sinceMs: this.#lifecycle.sinceMs,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
      restarts: this.#policy.total,
      commitFailures: host?.commitFailures ?? 0,
      ...(host?.commitFailure === undefined ? {} : { commitFailure: host.commitFailure }),
      lastCommitMs: host?.lastCommitMs ?? 0,
      lastActivityMs: Math.max(0, ...partitions.map(({ lastAckMs }) => lastAckMs)),
      usedBytes: host?.usedBytes ?? 0,
      windowBytes: host?.windowBytes ?? 0,
      totals: this.#options.partitions.totalsOf(taskId),
      recordErrors: host === undefined ? this.#recordErrors : addedCounts(this.#recordErrors, host.recordErrors),
      partitions,
    }
  }

  async #run(): Promise<void> {
    const { taskId, partitions, logger } = this.#options
    const { signal } = this.#stopping
    for (;;) {
      await this.#untilResumed()
      if (signal.aborted) break
      partitions.release(taskId)
      const error = await this.#runOnce()
      if (error === undefined || signal.aborted) break
      this.#error = error
      this.#lastFailure = { error, atMs: Date.now() }
      const delayMs = error.kind === 'configuration' ? undefined : this.#policy.next()
      if (delayMs === undefined) {
        logger.error(
          { code: error.code, restarts: this.#policy.total },
          `Task ${taskId} is not restarted by itself${this.#policy.total === 0 ? '' : ' any more'}: ${error.message}`,
        )
        this.#to('FAILED')
        return
      }
      logger.info({ delayMs, restart: this.#policy.total }, `Task ${taskId} is started again in ${delayMs} ms`)
      this.#to('RESTARTING')
      await sleep(delayMs, signal)
    }
    partitions.release(taskId)
    this.#to('STOPPED')
  }

  async #untilResumed(): Promise<void> {
    const { signal } = this.#stopping
    while (this.#paused !== undefined && !signal.aborted) {
      this.#to('PAUSED')
      await untilAborted(this.#paused.promise, signal, error => this.#options.logger.debug({ error }, 'pause'))
    }
  }

  async #runOnce(): Promise<ConnectError | undefined> {
    const { taskId, config, partitions, logger, createHost, startups } = this.#options
    let hasStarted = false
    try {
      const host = createHost({ taskId, config, partitions: partitions.view(taskId), logger })
      if (this.#host !== undefined) this.#recordErrors = addedCounts(this.#recordErrors, this.#host.recordErrors)
      this.#host = host
      this.#to('STARTING')
      const states = host.lifecycle.state$.subscribe({
        next: state => {
          if (state === 'RUNNING') {
            hasStarted = true
            startups.succeeded++
          }
          this.#follow(state)
        },
        error: error => logger.error({ error }, 'status'),
      })
      const error = await host.run()
      states.unsubscribe()
      if (error !== undefined && !hasStarted) startups.failed++
      return error
    } catch (error) {
      startups.failed++
      return toConnectError(error, 'TASK_START_FAILED', 'start', taskId)
    }
  }

  #follow(state: HostState): void {
    if (state === 'RUNNING') this.#error = undefined
    if (state === 'RUNNING' && this.#paused !== undefined) this.#to('PAUSED')
    else if (state === 'RUNNING' || state === 'DRAINING') this.#to(state)
  }

  #to(state: TaskRunState): void {
    if (this.#lifecycle.state !== state) {
      this.#lifecycle.to(state)
      const { partitions, taskId } = this.#options
      partitions.totalsOf(taskId).states.to(state)
    }
    this.#changes.next()
  }
}
