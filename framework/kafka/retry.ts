import { ConnectError } from '../api/connect-error.ts'
import { Backoff, retryWithBackoff, Seldom } from '../flow/index.ts'
import type { Cluster } from './cluster.ts'

/** Failures before they are worth a warning. */
const QUIET_ATTEMPTS = 5

/** Attempts for which what takes a moment only is waited for in short steps. */
const HASTY_ATTEMPTS = 10

export const isRetriable = (error: unknown): boolean => error instanceof ConnectError && error.retriable

/** Delays as the client settings have them (`retry.backoff.ms`, `retry.backoff.max.ms`), or shorter ones. */
export const backoffOf = (cluster: Cluster, maxDelayMs = Number.POSITIVE_INFINITY): Backoff => {
  const maxMs = Math.min(maxDelayMs, cluster.settings.retryBackoffMaxMs)
  return new Backoff({ initialMs: Math.min(maxMs, cluster.settings.retryBackoffMs), maxMs })
}

export interface RetryingOptions {
  /** Gives up, rejecting with the last error, when aborted. */
  readonly signal?: AbortSignal
  /** Gives up after this time. */
  readonly timeoutMs?: number
  /** Where what is waited for takes a moment only: between the first attempts. */
  readonly maxDelayMs?: number
}

/** A cluster that is away is not asked twenty times a second. */
const hastyAtFirst = (hasty: Backoff, calm: Backoff): Pick<Backoff, 'attempts' | 'next' | 'reset'> => ({
  get attempts() {
    return hasty.attempts + calm.attempts
  },
  next: () => (hasty.attempts < HASTY_ATTEMPTS ? hasty : calm).next(),
  reset() {
    hasty.reset()
    calm.reset()
  },
})

/** Runs `job` until it succeeds or fails for good; each failed attempt is logged under `what`, a lasting failure once a minute as a warning. */
export const retrying = <T>(cluster: Cluster, what: string, job: () => Promise<T>, options: RetryingOptions = {}): Promise<T> => {
  const limits: AbortSignal[] = []
  const warnings = new Seldom()
  if (options.signal !== undefined) limits.push(options.signal)
  if (options.timeoutMs !== undefined) limits.push(AbortSignal.timeout(options.timeoutMs))
  return retryWithBackoff(job, {
    backoff: hastyAtFirst(backoffOf(cluster, options.maxDelayMs), backoffOf(cluster)),
    isRetriable,
    ...(limits.length === 0 ? {} : { signal: AbortSignal.any(limits) }),
    onRetry: (error, delayMs, attempt) => {
      const level = attempt < QUIET_ATTEMPTS ? 'debug' : warnings.level('warn')
      cluster.logger[level]({ what, attempt, delayMs, err: error }, `${what} failed, trying again: ${(error as Error).message}`)
    },
  })
}
