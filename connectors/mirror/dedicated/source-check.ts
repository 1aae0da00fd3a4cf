/** How often. */
const EVERY_MS = 3_000

/** Asks whether the source is there while no partition is read that would say so: an idle flow may have none. */
export class SourceCheck {
  readonly #reach: () => void
  #dueAtMs = 0

  /** @param reach one attempt, or the wait for a source that is known to be away; its outcome is told to others */
  constructor(reach: () => void) {
    this.#reach = reach
  }

  /** To be called about once a second. */
  look(isCopying: boolean, partitions: number): void {
    const now = performance.now()
    if (!isCopying || partitions > 0 || now < this.#dueAtMs) return
    this.#dueAtMs = now + EVERY_MS
    this.#reach()
  }
}
