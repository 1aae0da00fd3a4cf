import type { Clock } from '../api/index.ts'
import { type Deferred, deferred } from '../flow/deferred.ts'
import { DEFAULT_TIMEOUT_MS, withinLimit } from './time-limit.ts'

interface Sleeper {
  readonly atMs: number
  readonly woken: Deferred<void>
}

/** More wake-ups than a `runAll` in a test can mean. */
const MAX_WAKE_UPS = 10_000

/**
 * Time that a test moves. Give it to a class by its constructor, or by the token CLOCK through `testInjector`.
 *
 * @example
 * const clock = new FakeClock()
 * const asked = harness.demand()
 * await clock.whenPending(1) // the task sleeps
 * await clock.advance(60_000)
 * await asked
 */
export class FakeClock implements Clock {
  readonly #sleepers: Sleeper[] = []
  readonly #watchers = new Set<() => void>()
  #nowMs: number

  /** @param nowMs milliseconds since the epoch */
  constructor(nowMs = 0) {
    this.#nowMs = nowMs
  }

  /** Who sleeps now. */
  get pending(): number {
    return this.#sleepers.length
  }

  now(): number {
    return this.#nowMs
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || ms <= 0) return
    const sleeper: Sleeper = { atMs: this.#nowMs + ms, woken: deferred() }
    const onAbort = (): void => this.#wake(sleeper)
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#sleepers.push(sleeper)
    for (const watcher of this.#watchers) watcher()
    await sleeper.woken.promise
    signal?.removeEventListener('abort', onAbort)
  }

  /**
   * Lets so much time pass. Who is due meanwhile wakes in the order of time, in that of their calls where it is the same, each of them with the
   * time that it asked for; what it does then comes before the next one wakes, so that it may sleep again and wake within the same time.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    await turn()
    for (let next = this.#next(); next !== undefined && next.atMs <= endMs; next = this.#next()) await this.#pass(next)
    this.#nowMs = endMs
  }

  /** Lets time pass until nobody sleeps. Rejects when that does not come to an end. */
  async runAll(): Promise<void> {
    await turn()
    let wakeUps = 0
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (++wakeUps > MAX_WAKE_UPS)
        throw new Error(`Somebody sleeps again each time it wakes: ${MAX_WAKE_UPS} times so far. Use advance`)
      await this.#pass(next)
    }
  }

  /** Resolves when at least so many sleep: what comes before a sleep may take its time. */
  async whenPending(count: number, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<void> {
    if (this.pending >= count) return
    const reached = deferred()
    const watcher = (): void => {
      if (this.pending >= count) reached.resolve()
    }
    this.#watchers.add(watcher)
    try {
      await withinLimit(reached.promise, timeoutMs, () => `Only ${this.pending} of ${count} sleep on the clock`)
    } finally {
      this.#watchers.delete(watcher)
    }
  }

  #next(): Sleeper | undefined {
    return this.#sleepers.reduce<Sleeper | undefined>(
      (first, each) => (first && first.atMs <= each.atMs ? first : each),
      undefined,
    )
  }

  async #pass(sleeper: Sleeper): Promise<void> {
    this.#nowMs = Math.max(this.#nowMs, sleeper.atMs)
    this.#wake(sleeper)
    await turn()
  }

  #wake(sleeper: Sleeper): void {
    const index = this.#sleepers.indexOf(sleeper)
    if (index >= 0) this.#sleepers.splice(index, 1)
    sleeper.woken.resolve()
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
