import { setTimeout as sleepFor } from 'node:timers/promises'

export interface BackoffOptions {
  readonly initialMs: number
  readonly maxMs: number
  /** 2 by default. */
  readonly factor?: number
  /** Share of each delay that is random, 0 to 1; 0.2 by default: the delay lies within ±20 %. */
  readonly jitter?: number
}

/** Exponentially growing delays with jitter, so that many clients do not return at the same instant. */
export class Backoff {
  readonly #options: Required<BackoffOptions>
  readonly #random: () => number
  #attempts = 0

  constructor(options: BackoffOptions, random: () => number = Math.random) {
    this.#options = { factor: 2, jitter: 0.2, ...options }
    this.#random = random
  }

  /** Delays given since the last reset. */
  get attempts(): number {
    return this.#attempts
  }

  /** The next delay in milliseconds. */
  next(): number {
    const { initialMs, maxMs, factor, jitter } = this.#options
    const plain = Math.min(maxMs, initialMs * factor ** this.#attempts)
    this.#attempts++
    return Math.round(plain * (1 - jitter + 2 * jitter * this.#random()))
  }

  reset(): void {
    this.#attempts = 0
  }
}

/** Waits; returns at once, without an error, when the signal aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleepFor(ms, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    if (!signal?.aborted) throw error
  }
}

export interface RetryOptions {
  readonly backoff: Pick<Backoff, 'attempts' | 'next' | 'reset'>
  /** Gives up and rethrows the last error when aborted. */
  readonly signal?: AbortSignal
  /** False = rethrow at once. */
  readonly isRetriable: (error: unknown) => boolean
  readonly onRetry?: (error: unknown, delayMs: number, attempt: number) => void
  /** For tests. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** Runs `job` until it succeeds, fails for good, or the signal aborts. */
export async function retryWithBackoff<T>(job: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { backoff, signal, isRetriable, onRetry, wait = sleep } = options
  for (;;) {
    try {
      const result = await job()
      backoff.reset()
      return result
    } catch (error) {
      if (signal?.aborted || !isRetriable(error)) throw error
      const delayMs = backoff.next()
      onRetry?.(error, delayMs, backoff.attempts)
      await wait(delayMs, signal)
      if (signal?.aborted) throw error
    }
  }
}
