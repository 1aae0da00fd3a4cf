import type { Logger } from '../../../framework/api/index.ts'
import { Backoff, deferred, sleep } from '../../../framework/flow/index.ts'
import type { RunReporter } from '../observe/run-health.ts'

/** A store that keeps itself up to date. */
export interface Followable {
  /** Rejects when it can no longer be read. */
  tail(): Promise<void>
  close(): Promise<void>
}

export interface FollowedOptions<S> {
  /** In words: `the offset map of A->B`. */
  readonly what: string
  /** What is the matter while it cannot be read: `offsets are translated by offset syncs alone`. */
  readonly meanwhile: string
  /** Null = there is none, which is looked at again. */
  readonly open: (signal: AbortSignal) => Promise<S | null>
  /** Told how reading goes. */
  readonly health: RunReporter
  readonly logger: Logger
}

/** A store that is missing may be created any time, most likely soon after the start. */
const MISSING_MS = { initialMs: 500, maxMs: 10_000 }
const RETRY_MS = { initialMs: 1_000, maxMs: 60_000 }

/** Keeps a store open and followed, waiting for it where it is missing and opening it again where it fails. What was read last stays in use meanwhile. */
export class Followed<S extends Followable> {
  readonly #options: FollowedOptions<S>
  readonly #closing = new AbortController()
  readonly #tried = deferred<void>()
  #current: S | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(options: FollowedOptions<S>) {
    this.#options = options
  }

  /** Null = not there, or not read yet. */
  get current(): S | null {
    return this.#current
  }

  /** Resolves when the store has been read, or could not be at the first try. */
  get tried(): Promise<void> {
    return this.#tried.promise
  }

  start(): void {
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
    await this.#current?.close()
    this.#options.health.close()
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    const backoff = new Backoff(RETRY_MS)
    const missing = new Backoff(MISSING_MS)
    while (!signal.aborted) {
      try {
        const isThere = await this.#openAndFollow(() => backoff.reset())
        if (!isThere) await sleep(missing.next(), signal)
      } catch (error) {
        this.#tried.resolve()
        if (signal.aborted) return
        this.#warn(error)
        await sleep(backoff.next(), signal)
      }
    }
  }

  async #openAndFollow(opened: () => void): Promise<boolean> {
    const { signal } = this.#closing
    const store = await this.#options.open(signal)
    this.#tried.resolve()
    if (store === null) return false
    const before = this.#current
    this.#current = store
    opened()
    this.#options.health.succeeded()
    await before?.close()
    const aborted = deferred<void>()
    const onAbort = (): void => aborted.resolve()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      if (!signal.aborted) await Promise.race([store.tail(), aborted.promise])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
    return true
  }

  #warn(error: unknown): void {
    const { what, meanwhile, logger, health } = this.#options
    const message = `${what} cannot be read, to be tried again: ${(error as Error).message}. Meanwhile ${meanwhile}`
    logger.warn({ err: error }, message)
    health.failed(error, message)
  }
}
