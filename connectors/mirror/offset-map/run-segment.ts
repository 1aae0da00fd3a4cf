/** Numbers per entry: source start, length, target start. */
const FIELDS = 3
export const SEGMENT_RUNS = 128
const FIRST_CAPACITY = 4

/** Target of an entry about whose source offsets nothing is known. */
export const UNKNOWN = -1

/**
 * Up to 128 neighbouring entries of a partition's map, 24 bytes each. An entry is a run of copied records; it is followed by a hole,
 * source offsets without records, up to where the next entry starts. Target UNKNOWN = nothing is known from its start up to the next entry.
 */
export class RunSegment {
  /** Its number in the partition, part of its key; grows from segment to segment. */
  readonly number: number
  #fields: Float64Array
  #count = 0

  constructor(number: number, capacity = FIRST_CAPACITY) {
    this.number = number
    this.#fields = new Float64Array(FIELDS * capacity)
  }

  get count(): number {
    return this.#count
  }

  get isFull(): boolean {
    return this.#count === SEGMENT_RUNS
  }

  get byteLength(): number {
    return this.#fields.byteLength
  }

  start(index: number): number {
    return this.#fields[FIELDS * index]!
  }

  /** Records in the run: their source offsets and their target offsets both follow each other. */
  length(index: number): number {
    return this.#fields[FIELDS * index + 1]!
  }

  target(index: number): number {
    return this.#fields[FIELDS * index + 2]!
  }

  /** Of the first entry that has one; UNKNOWN = none has. */
  get firstTarget(): number {
    for (let i = 0; i < this.#count; i++) if (this.target(i) !== UNKNOWN) return this.target(i)
    return UNKNOWN
  }

  /** What comes behind it starts here or later. */
  get sourceEnd(): number {
    const last = this.#count - 1
    return this.start(last) + this.length(last)
  }

  /** Behind the last target offset known; 0 = none is. */
  get targetEnd(): number {
    for (let i = this.#count - 1; i >= 0; i--) if (this.target(i) !== UNKNOWN) return this.target(i) + this.length(i)
    return 0
  }

  push(start: number, length: number, target: number): void {
    const at = FIELDS * this.#count
    if (at === this.#fields.length) this.#grow()
    this.#fields[at] = start
    this.#fields[at + 1] = length
    this.#fields[at + 2] = target
    this.#count++
  }

  /** Lengthens the last run if these records continue it. */
  extend(start: number, length: number, target: number): boolean {
    const at = FIELDS * (this.#count - 1)
    const present = this.#fields[at + 1]!
    const lastTarget = this.#fields[at + 2]!
    if (this.#fields[at]! + present !== start || lastTarget + present !== target || lastTarget === UNKNOWN) return false
    this.#fields[at + 1] = present + length
    return true
  }

  shortenLast(length: number): void {
    this.#fields[FIELDS * (this.#count - 1) + 1] = length
  }

  pop(): void {
    this.#count--
  }

  /** Index of the last entry that starts at or before `source`; -1 when all start after it. */
  indexOf(source: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.start(middle) <= source) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #grow(): void {
    const larger = new Float64Array(Math.min(2 * this.#fields.length, FIELDS * SEGMENT_RUNS))
    larger.set(this.#fields)
    this.#fields = larger
  }
}
