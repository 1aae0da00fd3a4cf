import { Observable, type Subscriber } from 'rxjs'
import type { Demand } from '../api/index.ts'

export interface ByteWindowOptions {
  /** Bytes that may be demanded or held at one time. At least one permit is granted however small it is. */
  readonly capacityBytes: number
  /** Bytes one demand asks for, and reserves until it is answered. */
  readonly permitBytes: number
  readonly maxRecords: number
  /** Handed to every demand: ends a long poll. */
  readonly signal: AbortSignal
  /**
   * Runs the next round of demands later. The default is a turn of the event loop, not a microtask: a source that answers at once and
   * with nothing would otherwise starve timers and signals.
   */
  readonly hop?: (work: () => void) => void
}

/**
 * Bounds what is on its way by bytes. A demand reserves a permit's worth; its answer turns the reservation into the bytes that really came
 * (one larger batch may overshoot, and is paid back by later demands); acknowledged bytes are released piece by piece.
 * RxJS has no backpressure of its own: the permit taken before the poll is what bounds memory.
 */
export class ByteWindow {
  /** To be subscribed once. Emits while a permit's worth is free, completes after `complete`. */
  readonly demand$: Observable<Demand>
  readonly capacityBytes: number
  readonly permitBytes: number
  readonly #demand: Omit<Demand, 'signal'> & { signal: AbortSignal }
  readonly #hop: (work: () => void) => void
  #subscriber: Subscriber<Demand> | undefined
  #outstanding = 0
  #heldBytes = 0
  #scheduled = false
  #completed = false
  #paused = false

  constructor(options: ByteWindowOptions) {
    this.capacityBytes = Math.max(options.capacityBytes, options.permitBytes)
    this.permitBytes = options.permitBytes
    this.#demand = { maxBytes: options.permitBytes, maxRecords: options.maxRecords, signal: options.signal }
    this.#hop = options.hop ?? setImmediate
    this.demand$ = new Observable<Demand>(subscriber => this.#subscribed(subscriber))
  }

  /** Demands not yet answered. */
  get outstanding(): number {
    return this.#outstanding
  }

  /** Bytes that came and are not released. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Reserved and held. */
  get usedBytes(): number {
    return this.#outstanding * this.permitBytes + this.#heldBytes
  }

  /** The answer to one demand, of `bytes` bytes. False when none was outstanding: the bytes are not counted. */
  answered(bytes: number): boolean {
    if (this.#outstanding === 0) return false
    this.#outstanding--
    this.#heldBytes += bytes
    this.#schedule()
    return true
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes
    this.#schedule()
  }

  /** No further demand until `resume`; those outstanding may still be answered. */
  pause(): void {
    this.#paused = true
  }

  /** @param signal for the demands from now on */
  resume(signal: AbortSignal): void {
    this.#paused = false
    this.#demand.signal = signal
    this.#schedule()
  }

  /** No further demand; those outstanding may still be answered. */
  complete(): void {
    this.#completed = true
    this.#subscriber?.complete()
  }

  #subscribed(subscriber: Subscriber<Demand>): (() => void) | undefined {
    if (this.#subscriber !== undefined) {
      subscriber.error(new Error('demand$ was subscribed twice: share() it'))
      return undefined
    }
    this.#subscriber = subscriber
    if (this.#completed) subscriber.complete()
    else this.#schedule()
    return () => {
      this.#completed = true
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#completed || !this.#isFree()) return
    this.#scheduled = true
    this.#hop(() => {
      this.#scheduled = false
      this.#grant()
    })
  }

  /** Grants what is free now; what a synchronous answer frees waits for the next turn. */
  #grant(): void {
    const free = Math.floor((this.capacityBytes - this.usedBytes) / this.permitBytes)
    for (let i = 0; i < free && !this.#completed && this.#isFree(); i++) {
      this.#outstanding++
      this.#subscriber?.next({ ...this.#demand })
    }
  }

  #isFree(): boolean {
    return !this.#paused && this.#subscriber !== undefined && this.usedBytes + this.permitBytes <= this.capacityBytes
  }
}
