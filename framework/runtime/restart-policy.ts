import { Backoff } from '../flow/index.ts'
import type { RestartSettings } from './settings.ts'

/** Says when what has failed is started again: with growing delays, and not more than so many times within a span. */
export class RestartPolicy {
  readonly #settings: RestartSettings
  readonly #backoff: Backoff
  readonly #now: () => number
  #restarts: number[] = []
  #total = 0

  constructor(settings: RestartSettings, now: () => number = Date.now, random?: () => number) {
    this.#settings = settings
    this.#now = now
    this.#backoff = new Backoff({ initialMs: settings.initialDelayMs, maxMs: settings.maxDelayMs }, random)
  }

  /** Restarts granted so far. */
  get total(): number {
    return this.#total
  }

  /** Milliseconds until the next start, counted as a restart; undefined = no further one. */
  next(): number | undefined {
    const now = this.#now()
    this.#restarts = this.#restarts.filter(atMs => now - atMs < this.#settings.withinMs)
    if (this.#restarts.length >= this.#settings.max) return undefined
    if (this.#restarts.length === 0) this.#backoff.reset()
    this.#restarts.push(now)
    this.#total++
    return this.#backoff.next()
  }
}
