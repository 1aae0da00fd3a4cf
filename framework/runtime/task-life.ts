import type { SpanContext } from '@opentelemetry/api'
import type { ConnectError, Logger } from '../api/index.ts'
import { deferred, type Lifecycle } from '../flow/index.ts'
import { besideSpan } from '../telemetry/index.ts'
import { toConnectError } from './errors.ts'
import { type HostState, hostLifecycle } from './task-host.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

export interface TaskLifeOptions {
  readonly taskId: string
  readonly logger: Logger
  /** For a stop, unless it is given another budget. */
  readonly gracefulTimeoutMs: number
  /** Of the budget, the share kept back for the last commit and for closing. */
  readonly closingShare: number
  /** Starts the task, says so by `running`, and resolves when it has ended; soon after a stop. */
  readonly work: () => Promise<void>
  /** After the work, however it ended, in steps. */
  readonly close: () => Promise<void>
  /** Begins nothing more; what was begun is finished. */
  readonly drain: () => void
  /** Only the closing share is left: does not wait for what was begun. */
  readonly hurry: () => void
  /** Waits for nothing. */
  readonly giveUp: () => void
  /** Told why `work` rejected. */
  readonly onFailure: (error: ConnectError) => void
  /** The span that tells of the end by this error, where there is one. */
  readonly spanOf: (error: ConnectError) => SpanContext | undefined
}

/**
 * From start to end of one run of one task, of whatever kind. `stop` and an unexpected error drain within one budget for everything up to
 * the end; `stopNow` and the end of the budget wait for nothing.
 */
export class TaskLife {
  readonly lifecycle: Lifecycle<HostState>
  readonly #options: TaskLifeOptions
  readonly #now = new AbortController()
  readonly #ended = deferred()
  readonly #timers: NodeJS.Timeout[] = []
  #endsAtMs = Number.POSITIVE_INFINITY
  #error: ConnectError | undefined
  #isStopping = false

  constructor(options: TaskLifeOptions) {
    this.#options = options
    this.lifecycle = hostLifecycle(options.taskId)
  }

  /** Aborted = nothing is waited for any more. */
  get signal(): AbortSignal {
    return this.#now.signal
  }

  /** Somebody asked for the end. */
  get isStopping(): boolean {
    return this.#isStopping
  }

  /** Milliseconds of the budget that are left. */
  get remainingMs(): number {
    return this.#endsAtMs - performance.now()
  }

  /** Once. Never rejects: resolves with the error that ended the run, if there was one. */
  async run(): Promise<ConnectError | undefined> {
    if (!this.lifecycle.is('CREATED')) return this.#error
    this.lifecycle.to('STARTING')
    const { taskId, work, close, onFailure } = this.#options
    try {
      await work()
    } catch (error) {
      onFailure(toConnectError(error, 'TASK_START_FAILED', 'start', taskId))
    }
    if (this.#endsAtMs === Number.POSITIVE_INFINITY) this.beginBudget()
    await close()
    for (const timer of this.#timers) clearTimeout(timer)
    this.lifecycle.to(this.#error === undefined ? 'STOPPED' : 'FAILED')
    this.#ended.resolve()
    return this.#error
  }

  /** Not after a stop. */
  running(): void {
    this.lifecycle.to('RUNNING')
  }

  /** Resolves when the run has ended, at the latest after `budgetMs`. */
  async stop(budgetMs?: number): Promise<void> {
    this.#isStopping = true
    if (this.lifecycle.is('CREATED')) this.lifecycle.to('STOPPED')
    if (this.lifecycle.is('STOPPED', 'FAILED')) return
    this.beginBudget(budgetMs)
    this.#options.drain()
    if (!this.lifecycle.is('DRAINING')) this.lifecycle.to('DRAINING')
    await this.#ended.promise
  }

  stopNow(): void {
    this.#isStopping = true
    this.#now.abort()
    this.#options.giveUp()
    if (this.lifecycle.is('CREATED')) this.lifecycle.to('STOPPED')
  }

  /** One budget for the whole of the stop: a later call can only shorten it. */
  beginBudget(budgetMs = this.#options.gracefulTimeoutMs): void {
    const { closingShare, hurry } = this.#options
    const endsAtMs = performance.now() + budgetMs
    if (this.#endsAtMs <= endsAtMs) return
    this.#endsAtMs = endsAtMs
    this.#timers.push(setTimeout(hurry, budgetMs * (1 - closingShare)))
    this.#timers.push(setTimeout(() => this.stopNow(), budgetMs))
  }

  /** The run ends FAILED with the first error. */
  fail(error: ConnectError): void {
    if (this.#error !== undefined) {
      if (error !== this.#error) this.alsoFailed(error)
      return
    }
    this.#error = error
    const { logger, taskId, spanOf } = this.#options
    besideSpan(spanOf(error), () => logger.error({ error, code: error.code }, `Task ${taskId} failed: ${error.message}`))
  }

  /** An error that changes nothing any more. */
  alsoFailed(error: ConnectError): void {
    const { logger, taskId } = this.#options
    const fields = { error, code: error.code, ...(this.#error && { first: this.#error.message }) }
    logger.warn(fields, `Task ${taskId} met ${this.#error ? 'a further' : 'an'} error while it was stopping: ${error.message}`)
  }

  /** What comes when nobody waits for it any more is closed at once. */
  async opened<T extends { close(): Promise<void> }>(what: string, opening: Promise<T>): Promise<T | typeof ABORTED> {
    const opened = await untilAborted(opening, this.signal, error => this.late(`opening ${what}`, error))
    if (opened === ABORTED) {
      void opening.then(late => late.close()).catch((error: unknown) => this.late(`closing ${what}`, error))
    }
    return opened
  }

  /** Of closing. A failure is logged only; the end of the budget ends the waiting, not the step. */
  async step(name: string, job: () => Promise<void>): Promise<void> {
    const { logger, taskId } = this.#options
    try {
      const outcome = await untilAborted(job(), this.signal, error => this.late(name, error))
      if (outcome === ABORTED) logger.debug({ step: name }, `Task ${taskId}: no waiting for ${name}`)
    } catch (error) {
      logger.warn({ error }, `Task ${taskId}: ${name} failed while stopping`)
    }
  }

  late(what: string, error: unknown): void {
    const { logger, taskId } = this.#options
    logger.debug({ error }, `Task ${taskId}: ${what} ended with an error after the task had stopped`)
  }
}
