import type { CloseReason, ConnectError, Logger, SinkPartition, SinkTask } from '../api/index.ts'
import { deferred, Seldom } from '../flow/index.ts'
import { toConnectError } from './errors.ts'
import type { SinkLane } from './sink-lane.ts'
import { partitionOf } from './sink-lanes.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

export interface SinkCallsOptions {
  readonly taskId: string
  readonly task: SinkTask
  readonly logger: Logger
  /** What the task holds of these lanes, and did not acknowledge, is to be delivered again. */
  readonly onFlushFailed: (lanes: readonly SinkLane[], error: ConnectError) => void
  /** The task cannot go on. */
  readonly onFailure: (error: ConnectError) => void
}

/** What a sink task is asked beside its stream: `open`, `flush` and `close`, one after the other. None of them rejects: what the task throws fails it. */
export class SinkCalls {
  readonly #options: SinkCallsOptions
  readonly #flushFailures = new Seldom()
  #last: Promise<void> = Promise.resolve()

  constructor(options: SinkCallsOptions) {
    this.#options = options
  }

  open(partitions: readonly SinkPartition[]): Promise<void> {
    return this.#call('open()', () => this.#options.task.open?.(partitions))
  }

  /** Asks the task to write what it holds back of these lanes. @param signal aborted = no waiting any longer, here and below */
  async flush(lanes: readonly SinkLane[], signal: AbortSignal): Promise<void> {
    const held = lanes.filter(({ unsettled }) => unsettled > 0)
    if (this.#options.task.flush === undefined || held.length === 0) return
    await this.#call('flush()', () => this.#flush(held, signal), signal)
  }

  async close(lanes: readonly SinkLane[], reason: CloseReason, signal: AbortSignal): Promise<void> {
    if (lanes.length === 0) return
    await this.#call('close()', () => this.#options.task.close?.(lanes.map(partitionOf), reason), signal)
  }

  async #flush(held: readonly SinkLane[], signal: AbortSignal): Promise<void> {
    const { taskId, task, logger, onFlushFailed } = this.#options
    try {
      await task.flush?.(held.map(partitionOf), signal)
    } catch (cause) {
      const error = toConnectError(cause, 'FLUSH_FAILED', 'deliver', `flush() of task ${taskId}`)
      if (!error.retriable) throw error
      const level = this.#flushFailures.level('warn')
      logger[level]({ error }, `What was not acknowledged is delivered again: ${error.message}`)
      onFlushFailed(held, error)
    }
  }

  async #call(what: string, call: () => Promise<void> | undefined, signal?: AbortSignal): Promise<void> {
    const { taskId, logger, onFailure } = this.#options
    const before = this.#last
    const done = deferred()
    this.#last = done.promise
    const run = async (): Promise<void> => {
      await before
      await call()
    }
    const running = run().finally(() => done.resolve())
    try {
      const late = (error: unknown): void => logger.debug({ error }, `Task ${taskId}: ${what} ended with an error, too late`)
      const outcome = signal === undefined ? await running : await untilAborted(running, signal, late)
      if (outcome === ABORTED) logger.debug({}, `Task ${taskId}: no waiting for ${what}`)
    } catch (error) {
      onFailure(toConnectError(error, 'TASK_FAILED', 'deliver', `${what} of task ${taskId}`))
    }
  }
}
