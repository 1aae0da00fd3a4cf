import type { Subscription } from 'rxjs'
import { ConnectError, type Logger } from '../api/index.ts'
import { periodically, Seldom } from '../flow/index.ts'
import type { GroupPosition } from '../kafka/consumer-group/offsets.ts'
import { inLogScope } from '../telemetry/index.ts'
import { messageOf, toConnectError } from './errors.ts'
import type { SinkLane } from './sink-lane.ts'
import type { Failure } from './status.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

export interface SinkCommitterOptions {
  readonly taskId: string
  readonly intervalMs: number
  readonly timeoutMs: number
  /** Those of the task at the time. */
  readonly lanes: () => readonly SinkLane[]
  /** Told that a commit begins; what it returns is told of its end, with the error of one that failed. */
  readonly committing?: () => ((error?: Error) => void) | undefined
  /** Resolves with what was committed: not with partitions that are another member's by now. */
  readonly commit: (positions: readonly GroupPosition[], signal: AbortSignal) => Promise<readonly GroupPosition[]>
  readonly logger: Logger
}

/** Commits the acknowledged prefix of each partition, periodically and when asked to; one commit after the other. */
export class SinkCommitter {
  readonly #options: SinkCommitterOptions
  #subscription: Subscription | undefined
  #last: Promise<void> = Promise.resolve()
  #failures = 0
  readonly #warnings = new Seldom()
  #failure: Failure | undefined
  #lastCommitMs = 0

  constructor(options: SinkCommitterOptions) {
    this.#options = { ...options, logger: inLogScope(options.logger, 'offsets') }
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
    const { intervalMs, timeoutMs, lanes } = this.#options
    const commit = () => this.commit(lanes(), AbortSignal.timeout(timeoutMs))
    const commits$ = periodically(commit, { everyMs: intervalMs, report: error => this.#report(error) })
    this.#subscription = commits$.subscribe({ error: (error: unknown) => this.#report(error) })
  }

  stop(): void {
    this.#subscription?.unsubscribe()
  }

  /** Never rejects: a failure is counted and logged, and what is acknowledged is committed the next time. */
  commit(lanes: readonly SinkLane[], signal: AbortSignal): Promise<void> {
    this.#last = this.#last.then(() => this.#commit(lanes, signal)).catch((error: unknown) => this.#report(error))
    return this.#last
  }

  async #commit(lanes: readonly SinkLane[], signal: AbortSignal): Promise<void> {
    const byName = new Map(lanes.map(lane => [lane.name, lane]))
    const positions = lanes.flatMap(lane => {
      const position = lane.committable
      return position === null ? [] : [{ topic: lane.topic, partition: lane.partition, ...position }]
    })
    if (positions.length === 0) this.#failure = undefined
    const isReported = ({ topic, partition }: GroupPosition): boolean => !byName.get(`${topic}-${partition}`)?.reports.size
    const [ready, waiting] = [positions.filter(isReported), positions.filter(position => !isReported(position))]
    await this.#store(ready, byName, signal)
    if (waiting.length > 0) await this.#store(await this.#reported(waiting, byName, signal), byName, signal)
  }

  async #store(positions: readonly GroupPosition[], lanes: ReadonlyMap<string, SinkLane>, signal: AbortSignal): Promise<void> {
    if (positions.length === 0) return
    const committed = await this.#send(positions, signal)
    for (const { topic, partition, offset, leaderEpoch } of committed) {
      lanes.get(`${topic}-${partition}`)?.committed({ offset, leaderEpoch })
    }
    if (committed.length > 0) this.#lastCommitMs = Date.now()
    if (committed.length === positions.length) this.#failure = undefined
    if (committed.length < positions.length) {
      const count = positions.length - committed.length
      throw new ConnectError('NOT_ASSIGNED', `${count} partitions are another member's by now`, {
        kind: 'retriable',
        stage: 'offset-commit',
      })
    }
  }

  async #send(positions: readonly GroupPosition[], signal: AbortSignal): Promise<readonly GroupPosition[]> {
    const ended = this.#options.committing?.()
    try {
      const committed = await this.#options.commit(positions, signal)
      ended?.()
      return committed
    } catch (error) {
      ended?.(error instanceof Error ? error : new Error(messageOf(error)))
      throw error
    }
  }

  /** Those of whose records that the task could not take all are safe, in time. */
  async #reported(
    positions: readonly GroupPosition[],
    lanes: ReadonlyMap<string, SinkLane>,
    signal: AbortSignal,
  ): Promise<readonly GroupPosition[]> {
    const late = (error: unknown): void => this.#options.logger.debug({ error }, 'A report of a record, after its commit')
    const areSafe = async ({ topic, partition }: GroupPosition): Promise<boolean> => {
      const reports = Promise.allSettled(lanes.get(`${topic}-${partition}`)?.reports ?? [])
      const results = await untilAborted(reports, signal, late)
      return results !== ABORTED && results.every(({ status }) => status === 'fulfilled')
    }
    const safe = await Promise.all(positions.map(areSafe))
    return positions.filter((_, i) => safe[i])
  }

  #report(error: unknown): void {
    this.#failures++
    const { taskId, logger } = this.#options
    this.#failure = { error: toConnectError(error, 'OFFSET_COMMIT_FAILED', 'offset-commit', taskId), atMs: Date.now() }
    const message = `Task ${taskId} could not commit offsets: ${messageOf(error)}. What is not committed is committed the next time, or delivered again`
    logger[this.#warnings.level('warn')]({ error, failures: this.#failures }, message)
  }
}
