import type { SpanContext } from '@opentelemetry/api'

/** Something out of the ordinary about a partition. */
export interface PartitionEvent {
  /** Milliseconds of `performance.now()`. */
  readonly at: number
  readonly kind: 'retrying' | 'flowing' | 'gap' | 'recreated' | 'failed'
  /** Whose trouble it is, for `retrying` and `flowing`. */
  readonly side?: 'source' | 'target'
  /** Stable, where it is known. */
  readonly code?: string
  /** A sentence for the operator. */
  readonly cause?: string
  /** Of the span that tells of it, once there is one. */
  span?: SpanContext | undefined
}

const KEPT = 16

/** The last events of a partition. */
export class PartitionEvents {
  readonly #events: PartitionEvent[] = []
  /** Ever. */
  count = 0
  /** Told of each as it happens. One listener: whoever owns the partition. */
  listener: ((event: PartitionEvent) => void) | undefined
  /** Told after it, to be logged beside its span. */
  logged: ((event: PartitionEvent) => void) | undefined
  readonly #told: (event: PartitionEvent) => void

  /** @param told of each, whoever owns the partition */
  constructor(told: (event: PartitionEvent) => void = () => undefined) {
    this.#told = told
  }

  add(event: Omit<PartitionEvent, 'at' | 'span'>): void {
    const dated: PartitionEvent = { at: performance.now(), ...event }
    this.count++
    this.#events.push(dated)
    if (this.#events.length > KEPT) this.#events.shift()
    this.listener?.(dated)
    this.logged?.(dated)
    this.#told(dated)
  }

  /** Of the last one that is not `flowing`: lines of the log about it carry its ids. */
  get span(): SpanContext | undefined {
    return this.#events.findLast(({ kind }) => kind !== 'flowing')?.span
  }

  /** The last ones. @param count how many of all that ever were are known already */
  after(count: number): readonly PartitionEvent[] {
    const news = Math.min(this.count - count, this.#events.length)
    return news <= 0 ? [] : this.#events.slice(-news)
  }
}
