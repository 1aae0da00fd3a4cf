const LINEAR = 8
const STEPS_PER_OCTAVE = 8
const BUCKETS = LINEAR + 24 * STEPS_PER_OCTAVE

/** Milliseconds in logarithmic buckets: quantiles within 7 %, 800 bytes, no allocation per value. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS)
  #count = 0
  #sum = 0
  #last = 0

  get count(): number {
    return this.#count
  }

  get lastMs(): number {
    return this.#last
  }

  get averageMs(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }

  record(ms: number): void {
    const value = Math.max(ms, 0)
    this.#counts[bucketOf(value)]!++
    this.#count++
    this.#sum += value
    this.#last = value
  }

  /** The value below which the share `q` (0 to 1) of the values lies; 0 when there are none. */
  quantileMs(q: number): number {
    const rank = q * this.#count
    let seen = 0
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!
      if (seen >= rank && seen > 0) return middleOf(bucket)
    }
    return 0
  }

  /** How many values lie below each bound, a power of two from 8 on or a whole number below it. */
  cumulative(boundsMs: readonly number[]): number[] {
    const counts: number[] = []
    let seen = 0
    let bucket = 0
    for (const bound of boundsMs) {
      for (const end = bucketOf(bound); bucket < end; bucket++) seen += this.#counts[bucket]!
      counts.push(seen)
    }
    return counts
  }

  get sumMs(): number {
    return this.#sum
  }

  add(other: LatencyHistogram): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.#counts[bucket]! += other.#counts[bucket]!
    this.#count += other.#count
    this.#sum += other.#sum
    if (other.#count > 0) this.#last = other.#last
  }

  reset(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#sum = 0
  }
}

function bucketOf(ms: number): number {
  if (ms < LINEAR) return Math.floor(ms)
  const octave = Math.floor(Math.log2(ms))
  const step = Math.floor((ms / 2 ** octave - 1) * STEPS_PER_OCTAVE)
  return Math.min(BUCKETS - 1, LINEAR + (octave - 3) * STEPS_PER_OCTAVE + step)
}

function middleOf(bucket: number): number {
  if (bucket < LINEAR) return bucket
  const octave = 3 + Math.floor((bucket - LINEAR) / STEPS_PER_OCTAVE)
  const step = (bucket - LINEAR) % STEPS_PER_OCTAVE
  return 2 ** octave * (1 + (step + 0.5) / STEPS_PER_OCTAVE)
}
