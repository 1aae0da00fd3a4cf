import { ConnectError } from '../api/connect-error.ts'
import { Backoff, retryWithBackoff } from '../flow/index.ts'
import type { Cluster } from './cluster.ts'

export const isRetriable = (error: unknown): boolean => error instanceof ConnectError && error.retriable

/** Delays as the client settings have them (`retry.backoff.ms`, `retry.backoff.max.ms`). */
export const backoffOf = (cluster: Cluster): Backoff =>
  new Backoff({ initialMs: cluster.settings.retryBackoffMs, maxMs: cluster.settings.retryBackoffMaxMs })

export interface RetryingOptions {
  /** Gives up, rejecting with the last error, when aborted. */
  readonly signal?: AbortSignal
  /** Gives up after this time. */
  readonly timeoutMs?: number
}

/** Runs `job` until it succeeds or fails for good; each failed attempt is logged under `what`. */
export const retrying = <T>(cluster: Cluster, what: string, job: () => Promise<T>, options: RetryingOptions = {}): Promise<T> => {
  const limits: AbortSignal[] = []
  if (options.signal !== undefined) limits.push(options.signal)
  if (options.timeoutMs !== undefined) limits.push(AbortSignal.timeout(options.timeoutMs))
  return retryWithBackoff(job, {
    backoff: backoffOf(cluster),
    isRetriable,
    ...(limits.length === 0 ? {} : { signal: AbortSignal.any(limits) }),
    onRetry: (error, delayMs, attempt) => {
      const level = attempt < 3 ? 'debug' : 'warn'
      cluster.logger[level]({ what, attempt, delayMs, err: error }, `${what} failed, trying again: ${(error as Error).message}`)
    },
  })
}
