import { RateLimit } from './rate-limit.ts'

/** Lets some through at once, then one a minute. */
const PER_SECOND = 1 / 60

/** Keeps what goes on for hours, and fails every second, from filling the log: the first lines are loud, then one a minute; all are there at debug. */
export class Seldom {
  readonly #limit: RateLimit

  /** @param burst how many different things may be said at once */
  constructor(burst = 3) {
    this.#limit = new RateLimit({ burst, perSecond: PER_SECOND })
  }

  /** Of the next line. */
  level<L extends 'warn' | 'error'>(loud: L): L | 'debug' {
    return this.#limit.take() ? loud : 'debug'
  }
}
