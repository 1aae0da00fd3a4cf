import { RestartPolicy } from './restart-policy.ts'
import type { RestartSettings } from './settings.ts'

/** When a connector that has failed is tried again by itself. */
export class ConnectorRetry {
  readonly #settings: RestartSettings
  readonly #again: () => void
  #policy: RestartPolicy
  #timer: NodeJS.Timeout | undefined
  #nextStartMs: number | undefined

  constructor(settings: RestartSettings, again: () => void) {
    this.#settings = settings
    this.#again = again
    this.#policy = new RestartPolicy(settings)
  }

  /** Tries granted so far. */
  get total(): number {
    return this.#policy.total
  }

  /** Milliseconds since the epoch; undefined = none is due. */
  get nextStartMs(): number | undefined {
    return this.#nextStartMs
  }

  /** After a delay, unless the restarts are used up. */
  later(): void {
    const delayMs = this.#policy.next()
    if (delayMs === undefined) return
    this.#nextStartMs = Date.now() + delayMs
    this.#timer = setTimeout(this.#again, delayMs)
  }

  cancel(): void {
    clearTimeout(this.#timer)
    this.#nextStartMs = undefined
  }

  /** Somebody starts it: those by itself count from zero again. */
  forget(): void {
    this.#policy = new RestartPolicy(this.#settings)
  }
}
