import { ConnectError, type Logger } from '../api/index.ts'
import { sleep } from '../flow/index.ts'
import type { Outcome } from '../transforms/index.ts'

/** `errors.*` of a connector. Times in milliseconds. */
export interface RecordErrorSettings {
  /** `errors.tolerance`: whether a record that cannot be converted or transformed is passed over. */
  readonly tolerance: 'none' | 'all'
  /** `errors.retry.timeout`: how long a retriable failure is tried again; -1 = for ever. */
  readonly retryTimeoutMs: number
  /** `errors.retry.delay.max.ms` */
  readonly retryDelayMaxMs: number
}

export const defaultRecordErrorSettings: RecordErrorSettings = { tolerance: 'none', retryTimeoutMs: 0, retryDelayMaxMs: 60_000 }

/** What went wrong with the records of one task: Kafka Connect's `task-error-metrics`. */
export class RecordErrorCounts {
  /** Failed attempts, repeated ones too. */
  failures = 0
  /** Records given up. */
  errors = 0
  /** Records passed over. */
  skipped = 0
  retries = 0
  logged = 0
  deadLetters = 0
  deadLetterFailures = 0
  /** Milliseconds since the epoch; 0 = never. */
  lastErrorMs = 0
}

export interface RecordErrorsOptions<T> {
  readonly taskId: string
  readonly settings: RecordErrorSettings
  readonly counts: RecordErrorCounts
  /** Told of each record that is given up, whatever the tolerance. Offsets from the record's on are not committed before this resolves; its rejection fails the task. */
  readonly report: (record: T, error: ConnectError) => Promise<void>
  readonly logger: Logger
  /** Aborted when the task is to stop: no waiting for a retry. */
  readonly signal: AbortSignal
}

const FIRST_DELAY_MS = 300

/**
 * What is done about records of one task that fail on their way: tried again as long as `errors.retry.timeout` has it, then reported and passed
 * over, or the end of the task. A failure that is retriable is never passed over, since the record may be good: the task fails.
 */
export class RecordErrors<T> {
  readonly #options: RecordErrorsOptions<T>

  constructor(options: RecordErrorsOptions<T>) {
    this.#options = options
  }

  get counts(): RecordErrorCounts {
    return this.#options.counts
  }

  /**
   * Converts records, some of them several times if need be. One result per record, null for those dropped or passed over.
   * @throws ConnectError TOLERANCE_EXCEEDED, RETRIES_EXHAUSTED; INTERRUPTED (retriable) when the signal aborts a wait; what `report` rejects with
   */
  async settle<R>(
    records: readonly T[],
    convert: (records: readonly T[]) => Promise<readonly Outcome<R>[]>,
  ): Promise<readonly (R | null)[]> {
    const converted = await convert(records)
    if (!converted.some(isError)) return converted as readonly (R | null)[]
    const outcomes = [...converted]
    this.#count(outcomes)
    const retriable = (): number[] => indexesOf(outcomes, error => error.retriable)
    if (retriable().length > 0) await this.#retry(records, outcomes, convert, retriable)
    const failed = indexesOf(outcomes, () => true)
    if (failed.length > 0) await this.#giveUp(records, outcomes, failed)
    return outcomes as readonly (R | null)[]
  }

  /** One record that the task itself could not take. Resolves when it may be passed over. */
  async reportErrant(record: T, error: ConnectError): Promise<void> {
    this.#options.counts.failures++
    await this.#giveUp([record], [error], [0])
  }

  async #retry<R>(
    records: readonly T[],
    outcomes: Outcome<R>[],
    convert: (records: readonly T[]) => Promise<readonly Outcome<R>[]>,
    retriable: () => number[],
  ): Promise<void> {
    const { settings, counts, signal, logger, taskId } = this.#options
    const endsAtMs = settings.retryTimeoutMs < 0 ? Number.POSITIVE_INFINITY : performance.now() + settings.retryTimeoutMs
    for (let attempt = 0, indexes = retriable(); indexes.length > 0; attempt++, indexes = retriable()) {
      const leftMs = endsAtMs - performance.now()
      if (leftMs <= 0) return
      const delayMs = Math.min(delayOf(attempt, settings.retryDelayMaxMs), leftMs)
      const error = outcomes[indexes[0]!] as ConnectError
      logger[attempt === 0 ? 'warn' : 'debug'](
        { error, delayMs, records: indexes.length },
        `Task ${taskId} tries ${indexes.length} records again in ${Math.round(delayMs)} ms: ${error.message}`,
      )
      await sleep(delayMs, signal)
      if (signal.aborted) throw interrupted(taskId, error)
      counts.retries += indexes.length
      const again = await convert(indexes.map(i => records[i]!))
      this.#count(again)
      for (const [at, i] of indexes.entries()) outcomes[i] = again[at] ?? null
    }
  }

  async #giveUp<R>(records: readonly T[], outcomes: Outcome<R>[], failed: readonly number[]): Promise<void> {
    const { settings, counts, report, taskId } = this.#options
    const first = outcomes[failed.find(i => (outcomes[i] as ConnectError).retriable) ?? failed[0]!] as ConnectError
    const isFatal = settings.tolerance === 'none' || first.retriable
    const reported = isFatal ? [outcomes.indexOf(first)] : failed
    counts.errors += reported.length
    counts.lastErrorMs = Date.now()
    await Promise.all(reported.map(i => report(records[i]!, outcomes[i] as ConnectError)))
    if (isFatal) throw first.retriable ? exhausted(taskId, first, settings) : exceeded(taskId, first)
    counts.skipped += reported.length
    for (const i of reported) outcomes[i] = null
  }

  #count(outcomes: readonly Outcome<unknown>[]): void {
    for (const outcome of outcomes) if (outcome instanceof ConnectError) this.#options.counts.failures++
  }
}

function isError(outcome: Outcome<unknown>): boolean {
  return outcome instanceof ConnectError
}

function indexesOf(outcomes: readonly Outcome<unknown>[], which: (error: ConnectError) => boolean): number[] {
  const indexes: number[] = []
  for (const [i, outcome] of outcomes.entries()) if (outcome instanceof ConnectError && which(outcome)) indexes.push(i)
  return indexes
}

/** Doubled from 300 ms on; beyond the cap anything up to it, as Kafka Connect has it. */
function delayOf(attempt: number, maxMs: number): number {
  const delayMs = FIRST_DELAY_MS * 2 ** attempt
  return delayMs <= maxMs ? delayMs : Math.random() * maxMs
}

function exceeded(taskId: string, cause: ConnectError): ConnectError {
  const advice =
    'Mend the record, the converter or the transform; or set errors.tolerance = all to go on without such records, and for a sink errors.deadletterqueue.topic.name to keep them'
  const message = `Tolerance exceeded in error handler of task ${taskId}: ${cause.message}. ${advice}`
  return new ConnectError('TOLERANCE_EXCEEDED', message, { kind: 'fatal', stage: cause.stage, cause })
}

function exhausted(taskId: string, cause: ConnectError, { retryTimeoutMs }: RecordErrorSettings): ConnectError {
  const message = `Task ${taskId} gave up after trying for ${retryTimeoutMs} ms: ${cause.message}. Nothing is passed over that might succeed later; errors.retry.timeout says how long to try (-1 = for ever)`
  return new ConnectError('RETRIES_EXHAUSTED', message, { kind: 'fatal', stage: cause.stage, cause })
}

function interrupted(taskId: string, cause: ConnectError): ConnectError {
  const message = `Task ${taskId} stops while a failure was to be tried again: ${cause.message}`
  return new ConnectError('INTERRUPTED', message, { kind: 'retriable', stage: cause.stage, cause })
}
