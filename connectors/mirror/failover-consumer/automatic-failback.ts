import type { Subscription } from 'rxjs'
import { periodically } from '../../../framework/flow/index.ts'
import type { Agreement } from './agreement.ts'
import type { ClusterSide } from './cluster-side.ts'
import type { Mover } from './mover.ts'
import type { CheckedOptions } from './options.ts'

/** Looks within the time that the preferred cluster must be healthy for. */
const LOOKS = 6
const LONGEST_MS = 5_000
/** How far behind the mirror may be. */
const PATIENCE_MS = 10_000

export interface AutomaticFailbackOptions
  extends Pick<CheckedOptions, 'group' | 'preferred' | 'failback' | 'failbackAfterMs' | 'logger'> {
  readonly sides: ReadonlyMap<string, ClusterSide>
  readonly mover: Mover
  readonly agreement: Agreement
  readonly move: () => Promise<void>
}

/**
 * Takes a group back to its preferred cluster after a failover, once that has answered steadily and the mirror to it has caught up. A group
 * that was told to move stays. Of all members the one that leads on the preferred cluster sees to it.
 */
export class AutomaticFailback {
  readonly #options: AutomaticFailbackOptions
  readonly #closing = new AbortController()
  #looking: Subscription | null = null
  #running: Promise<void> = Promise.resolve()
  #isSaid = false

  constructor(options: AutomaticFailbackOptions) {
    this.#options = options
  }

  start(): void {
    const { failback, failbackAfterMs, group, logger } = this.#options
    if (failback !== 'automatic') return
    this.#looking = periodically(() => this.#track(), {
      everyMs: Math.min(LONGEST_MS, failbackAfterMs / LOOKS),
      report: error => logger.warn({ err: error, group }, `Group ${group} does not go back yet: ${(error as Error).message}`),
    }).subscribe({ error: error => logger.error({ err: error, group }, 'Automatic failback ended') })
  }

  /** Asks for nothing more. */
  stop(): void {
    this.#closing.abort()
    this.#looking?.unsubscribe()
  }

  /** Resolves when a look under way has ended. */
  async settled(): Promise<void> {
    await this.#running.catch((error: unknown) => this.#options.logger.debug({ err: error }, 'Reported before'))
  }

  #track(): Promise<void> {
    this.#running = this.#look()
    return this.#running
  }

  async #look(): Promise<void> {
    const { agreement, preferred, sides, failbackAfterMs, mover, group, logger, move } = this.#options
    const { place, next } = agreement
    if (place === null || next !== null || place.active === preferred || place.cause !== 'failover') return
    const to = sides.get(preferred)
    const from = sides.get(place.active)
    if (to === undefined || from === undefined || from.watch.isGone || !agreement.leads(preferred)) return
    if (to.watch.steadyMs < failbackAfterMs) return
    if (!(await mover.isCaughtUp(from, to, PATIENCE_MS, this.#closing.signal))) {
      if (!this.#isSaid) logger.info({ group }, `Group ${group} goes back to ${preferred} once the flow to it has caught up`)
      this.#isSaid = true
      return
    }
    this.#isSaid = false
    if (!this.#closing.signal.aborted) await move()
  }
}
