import { Ring } from './ring.ts'

/** What waits for its acknowledgement. Callers may put more into it: the entry itself is the handle. */
export interface AckEntry<O> {
  readonly offset: O
  /** `waiting` when submitted; written by the lane alone from then on. */
  state: 'waiting' | 'acked' | 'refused'
}

export type Committable<K, O> = readonly [key: K, offset: O]

/**
 * The longest acknowledged prefix per key: entries are submitted in order and acknowledged in any order; the offset of the last entry
 * of the unbroken acknowledged run at the front is what may be committed. O(1) amortised per entry.
 */
export class AckedPrefix<K, O, E extends AckEntry<O> = AckEntry<O>> {
  readonly #lanes = new Map<K, AckedLane<K, O, E>>()
  readonly #passed: ((entry: E) => void) | undefined
  #advanced: AckedLane<K, O, E>[] = []

  /** @param passed called for each entry, in order per key, as soon as it and all before it are acknowledged. Must not throw. */
  constructor(passed?: (entry: E) => void) {
    this.#passed = passed
  }

  /** The lane of a key, created on first use; keep it where entries are many. Keys are compared by identity. */
  lane(key: K): AckedLane<K, O, E> {
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = new AckedLane<K, O, E>(key, this.#passed, advanced => this.#advanced.push(advanced))
      this.#lanes.set(key, lane)
    }
    return lane
  }

  /** Entries submitted and not yet passed, of all keys. */
  get pending(): number {
    let pending = 0
    for (const lane of this.#lanes.values()) pending += lane.pending
    return pending
  }

  get hasCommittable(): boolean {
    return this.#advanced.length > 0
  }

  /** The newest committable offset of each key that advanced since the last call. */
  takeCommittable(): Committable<K, O>[] {
    const advanced = this.#advanced
    this.#advanced = []
    return advanced.map(lane => [lane.key, lane.take()] as const)
  }

  /** Returns offsets whose commit failed; those overtaken by newer ones in the meantime are forgotten. */
  giveBack(entries: readonly Committable<K, O>[]): void {
    for (const [key, offset] of entries) this.lane(key).giveBack(offset)
  }
}

export class AckedLane<K, O, E extends AckEntry<O> = AckEntry<O>> {
  readonly key: K
  readonly #ring = new Ring<E>()
  readonly #passed: ((entry: E) => void) | undefined
  readonly #advanced: (lane: AckedLane<K, O, E>) => void
  #newest: O | undefined
  #closed = false

  constructor(key: K, passed: ((entry: E) => void) | undefined, advanced: (lane: AckedLane<K, O, E>) => void) {
    this.key = key
    this.#passed = passed
    this.#advanced = advanced
  }

  get pending(): number {
    return this.#ring.size
  }

  /** Ignored once a refused entry has come to the front: nothing can follow it. */
  submit(entry: E): void {
    if (!this.#closed) this.#ring.push(entry)
  }

  /** Once per entry. */
  ack(entry: E): void {
    entry.state = 'acked'
    this.#advance()
  }

  /** The entry will never be acknowledged: the prefix ends before it for good, and what was submitted after it is forgotten. */
  refuse(entry: E): void {
    entry.state = 'refused'
    this.#advance()
  }

  #advance(): void {
    for (let head = this.#ring.peek(); head !== undefined && head.state !== 'waiting'; head = this.#ring.peek()) {
      if (head.state === 'refused') {
        this.#ring.clear()
        this.#closed = true
        return
      }
      this.#ring.shift()
      if (this.#newest === undefined) this.#advanced(this)
      this.#newest = head.offset
      this.#passed?.(head)
    }
  }

  take(): O {
    const offset = this.#newest as O
    this.#newest = undefined
    return offset
  }

  giveBack(offset: O): void {
    if (this.#newest !== undefined) return
    this.#newest = offset
    this.#advanced(this)
  }
}
