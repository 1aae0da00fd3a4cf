/** Lets `burst` through at once, and `perSecond` from then on. */
export class RateLimit {
  readonly #burst: number
  readonly #perSecond: number
  #left: number
  #atMs = performance.now()
  /** Refused since the last one that was let through. */
  refused = 0

  constructor({ burst, perSecond }: { readonly burst: number; readonly perSecond: number }) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#left = burst
  }

  take(): boolean {
    const now = performance.now()
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#atMs) / 1000) * this.#perSecond)
    this.#atMs = now
    if (this.#left < 1) {
      this.refused++
      return false
    }
    this.#left--
    return true
  }

  /** How many were refused, once. */
  takeRefused(): number {
    const { refused } = this
    this.refused = 0
    return refused
  }
}
