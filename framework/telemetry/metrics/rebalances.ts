import { Windowed } from './windowed.ts'

/** Rebalances that one member of a group took part in, from the moment it begins to join until it has its share; live. */
export class Rebalances {
  /** Completed. */
  count = 0
  /** What they took together. */
  sumMs = 0
  /** Of the last one; NaN = none was completed. */
  lastTookMs = Number.NaN
  /** When the last one was completed, in milliseconds since the epoch; 0 = none was. */
  lastMs = 0
  /** Of the group, as of the last one; -1 = none. */
  generation = -1
  /** Milliseconds that each took. */
  readonly took = new Windowed()
  #sinceAt: number | undefined

  /** Joining, or about to join again. */
  get isUnderway(): boolean {
    return this.#sinceAt !== undefined
  }

  /** Without effect while one is under way: attempts belong to the same. */
  begun(): void {
    this.#sinceAt ??= performance.now()
  }

  completed(generation: number): void {
    if (this.#sinceAt === undefined) return
    const now = performance.now()
    const tookMs = now - this.#sinceAt
    this.#sinceAt = undefined
    this.count++
    this.sumMs += tookMs
    this.lastTookMs = tookMs
    this.lastMs = Date.now()
    this.generation = generation
    this.took.record(tookMs, tookMs, now)
  }

  /** The member has left. */
  ended(): void {
    this.#sinceAt = undefined
  }
}
