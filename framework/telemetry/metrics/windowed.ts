const WINDOW_MS = 30_000

/** Last, least, greatest and mean value of the last 30 to 60 seconds, as Kafka's clients keep them: two windows, a few numbers per value. */
export class Windowed {
  last = Number.NaN
  #startMs = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  #sum = 0
  #count = 0
  #before: { readonly min: number; readonly max: number; readonly sum: number; readonly count: number } | null = null

  /** Values of which only the least, which becomes the last, and the greatest are known. */
  record(low: number, high: number, nowMs: number): void {
    if (nowMs - this.#startMs >= WINDOW_MS) this.#turn(nowMs)
    this.last = low
    if (low < this.#min) this.#min = low
    if (high > this.#max) this.#max = high
    this.#sum += (low + high) / 2
    this.#count++
  }

  /** NaN without values; here and below. */
  max(nowMs: number): number {
    this.#expire(nowMs)
    return orNaN(Math.max(this.#max, this.#before?.max ?? Number.NEGATIVE_INFINITY))
  }

  min(nowMs: number): number {
    this.#expire(nowMs)
    return orNaN(Math.min(this.#min, this.#before?.min ?? Number.POSITIVE_INFINITY))
  }

  average(nowMs: number): number {
    this.#expire(nowMs)
    const { sum = 0, count = 0 } = this.#before ?? {}
    return (this.#sum + sum) / (this.#count + count)
  }

  /** Values of that time. */
  count(nowMs: number): number {
    this.#expire(nowMs)
    return this.#count + (this.#before?.count ?? 0)
  }

  #expire(nowMs: number): void {
    if (nowMs - this.#startMs >= WINDOW_MS) this.#turn(nowMs)
  }

  #turn(nowMs: number): void {
    const isRecent = nowMs - this.#startMs < 2 * WINDOW_MS
    this.#before = isRecent && this.#count > 0 ? { min: this.#min, max: this.#max, sum: this.#sum, count: this.#count } : null
    this.#min = Number.POSITIVE_INFINITY
    this.#max = Number.NEGATIVE_INFINITY
    this.#sum = 0
    this.#count = 0
    this.#startMs = nowMs
  }
}

function orNaN(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN
}
