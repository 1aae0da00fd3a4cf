import { type Observable, Subject, type Subscription } from 'rxjs'
import { ConnectError, type Logger, type SourceOffset, type SourcePartition } from '../api/index.ts'
import { type AckEntry, type AckedPrefix, periodically, Seldom } from '../flow/index.ts'
import type { OffsetEntry, OffsetStore } from '../storage/offset-store.ts'
import { inLogScope } from '../telemetry/index.ts'
import { messageOf, toConnectError } from './errors.ts'
import type { Failure } from './status.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

export interface OffsetCommitterOptions<E extends AckEntry<SourceOffset>> {
  readonly taskId: string
  readonly prefix: AckedPrefix<SourcePartition, SourceOffset, E>
  readonly store: OffsetStore
  readonly flushIntervalMs: number
  readonly flushTimeoutMs: number
  readonly logger: Logger
  /** Told before offsets are stored; they wait for it for half the time a commit may take. */
  readonly beforeSave?: (signal: AbortSignal) => Promise<void>
  /** Told that a commit begins; what it returns is told of its end, with the error of one that failed. */
  readonly committing?: () => ((error?: Error) => void) | undefined
}

/**
 * Stores the acknowledged prefix, periodically and once more at stop. Commits never overlap, not even when one outlives its timeout:
 * an older offset must not overwrite a newer one. What could not be stored is kept and stored the next time, unless newer by then.
 */
export class OffsetCommitter<E extends AckEntry<SourceOffset> = AckEntry<SourceOffset>> {
  readonly #options: OffsetCommitterOptions<E>
  readonly #committed = new Subject<readonly OffsetEntry[]>()
  /** The entries of each successful commit; never empty. */
  readonly committed$: Observable<readonly OffsetEntry[]> = this.#committed.asObservable()
  #subscription: Subscription | undefined
  #running: Promise<void> | undefined
  #saving: Promise<void> | undefined
  #commits = 0
  #failures = 0
  readonly #warnings = new Seldom()
  #failure: Failure | undefined
  #lastCommitMs = 0
  #lastTookMs = 0

  constructor(options: OffsetCommitterOptions<E>) {
    this.#options = { ...options, logger: inLogScope(options.logger, 'offsets') }
  }

  get commits(): number {
    return this.#commits
  }

  get failures(): number {
    return this.#failures
  }

  /** Of the last commit, if that failed. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  /** Milliseconds since the epoch; 0 = never. */
  get lastCommitMs(): number {
    return this.#lastCommitMs
  }

  start(): void {
    const commits$ = periodically(() => this.commit(), {
      everyMs: () => this.#pauseMs(),
      report: error => this.#report(error),
    })
    this.#subscription = commits$.subscribe({ error: (error: unknown) => this.#report(error) })
  }

  /** Short enough that an acknowledged record is in the store after the interval, though its commit and the one it just missed take their time. */
  #pauseMs(): number {
    const { flushIntervalMs } = this.#options
    return Math.max(flushIntervalMs / 2, flushIntervalMs - 2 * this.#lastTookMs)
  }

  /**
   * Commits what is acknowledged; joins a commit that is under way. Rejects with OFFSET_COMMIT_FAILED (retriable);
   * nothing is lost then, the next commit tries again.
   */
  commit(timeoutMs = this.#options.flushTimeoutMs): Promise<void> {
    this.#running ??= this.#commit(timeoutMs).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Ends the periodic commits and makes the last one, within `timeoutMs` in all. Failures are logged and counted. */
  async stop(timeoutMs: number): Promise<void> {
    this.#subscription?.unsubscribe()
    const deadline = performance.now() + timeoutMs
    try {
      await this.#running
    } catch (error) {
      this.#report(error)
    }
    try {
      await this.commit(Math.max(1, Math.min(this.#options.flushTimeoutMs, deadline - performance.now())))
    } catch (error) {
      this.#report(error)
    }
    this.#committed.complete()
  }

  async #commit(timeoutMs: number): Promise<void> {
    const { prefix, store } = this.#options
    if (!prefix.hasCommittable) return
    if (this.#saving !== undefined) throw this.#error('an earlier one has not ended yet')
    const entries = prefix.takeCommittable()
    const ended = this.#options.committing?.()
    const startedMs = performance.now()
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), timeoutMs)
    try {
      if (this.#options.beforeSave !== undefined) await this.#prepare(this.#options.beforeSave, timeoutMs / 2)
      this.#saving = store.save(entries, timeout.signal).finally(() => {
        this.#saving = undefined
      })
      const outcome = await untilAborted(this.#saving, timeout.signal, error => this.#reportLate(error))
      if (outcome === ABORTED) throw new Error(`not stored within ${Math.round(timeoutMs)} ms`)
    } catch (error) {
      prefix.giveBack(entries)
      const failure = this.#error(messageOf(error), error)
      ended?.(failure)
      throw failure
    } finally {
      clearTimeout(timer)
    }
    ended?.()
    this.#commits++
    this.#failure = undefined
    this.#lastCommitMs = Date.now()
    this.#lastTookMs = performance.now() - startedMs
    this.#committed.next(entries)
  }

  async #prepare(beforeSave: (signal: AbortSignal) => Promise<void>, timeoutMs: number): Promise<void> {
    const { logger, taskId } = this.#options
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), timeoutMs)
    const late = (error: unknown): void =>
      logger.debug({ error }, `Task ${taskId}: its own part of a commit failed: ${messageOf(error)}`)
    try {
      await untilAborted(beforeSave(timeout.signal), timeout.signal, late)
    } catch (error) {
      late(error)
    } finally {
      clearTimeout(timer)
    }
  }

  #report(error: unknown): void {
    this.#failures++
    this.#failure = {
      error: toConnectError(error, 'OFFSET_COMMIT_FAILED', 'offset-commit', this.#options.taskId),
      atMs: Date.now(),
    }
    this.#options.logger[this.#warnings.level('warn')]({ error, failures: this.#failures }, messageOf(error))
  }

  #reportLate(error: unknown): void {
    this.#options.logger.debug({ error }, `Task ${this.#options.taskId}: the commit that had been given up ended with an error`)
  }

  #error(reason: string, cause?: unknown): ConnectError {
    const message = `Task ${this.#options.taskId} could not commit its source offsets: ${reason}. They are kept and committed with the next ones`
    return new ConnectError('OFFSET_COMMIT_FAILED', message, { kind: 'retriable', stage: 'offset-commit', cause })
  }
}
