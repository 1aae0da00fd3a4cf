const WINDOW_MS = 30_000

interface Seen {
  atMs: number
  value: number
  beforeMs: number
  before: number
}

/** Growth per second over the last 30 to 60 seconds of counters that are looked at now and then; since the first look before that. */
export class Rates<K extends WeakKey> {
  readonly #seen = new WeakMap<K, Seen>()

  /** 0 at the first look. */
  of(key: K, value: number, nowMs: number): number {
    const seen = this.#seen.get(key)
    if (seen === undefined) {
      this.#seen.set(key, { atMs: nowMs, value, beforeMs: nowMs, before: value })
      return 0
    }
    if (nowMs - seen.atMs >= WINDOW_MS) {
      seen.beforeMs = seen.atMs
      seen.before = seen.value
      seen.atMs = nowMs
      seen.value = value
    }
    return nowMs === seen.beforeMs ? 0 : (Math.max(0, value - seen.before) * 1000) / (nowMs - seen.beforeMs)
  }
}
