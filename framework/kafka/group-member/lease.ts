export interface LeaseTimes {
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Given up before the coordinator could: for the clock's and the event loop's inaccuracy. */
  readonly marginMs: number
}

/**
 * Until when a member may be sure that its coordinator has not given its place away, by its own monotonic clock and from what was
 * answered. All instants are those at which the answered request was sent: the coordinator's own timers start later.
 *
 * The coordinator drops a member that sends no heartbeat for the session timeout, or that does not join again within the rebalance
 * timeout after a rebalance began; a rebalance may begin at once after the last heartbeat that told of none.
 */
export class Lease {
  readonly #times: LeaseTimes
  #heardAtMs = Number.NEGATIVE_INFINITY
  #settledAtMs = Number.NEGATIVE_INFINITY

  constructor(times: LeaseTimes) {
    this.#times = times
  }

  /** In milliseconds of the clock that the instants are taken from; -Infinity = not a member. */
  get expiresAtMs(): number {
    const { sessionTimeoutMs, rebalanceTimeoutMs, marginMs } = this.#times
    return Math.min(this.#heardAtMs + sessionTimeoutMs, this.#settledAtMs + rebalanceTimeoutMs) - marginMs
  }

  /** The coordinator knew us, and no rebalance was under way. */
  settled(sentAtMs: number): void {
    this.#settledAtMs = Math.max(this.#settledAtMs, sentAtMs)
    this.rebalancing(sentAtMs)
  }

  /** The coordinator knew us, while the group rebalanced. */
  rebalancing(sentAtMs: number): void {
    this.#heardAtMs = Math.max(this.#heardAtMs, sentAtMs)
  }

  /** The coordinator does not know us. */
  lost(): void {
    this.#heardAtMs = Number.NEGATIVE_INFINITY
    this.#settledAtMs = Number.NEGATIVE_INFINITY
  }
}
