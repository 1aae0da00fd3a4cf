/** Keeps the first few of many, in one pass and bounded memory: all of them are never sorted. */
export class FirstOf<T> {
  readonly #limit: number
  readonly #compare: (a: T, b: T) => number
  #kept: T[] = []
  /** The last that may still be among the first; undefined = all may. */
  #last: T | undefined

  /** @param compare negative where `a` comes before `b` */
  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit
    this.#compare = compare
  }

  add(item: T): void {
    if (this.#last !== undefined && this.#compare(item, this.#last) >= 0) return
    this.#kept.push(item)
    if (this.#kept.length >= 2 * this.#limit) this.#cut()
  }

  /** In order. */
  list(): readonly T[] {
    this.#cut()
    return this.#kept
  }

  #cut(): void {
    this.#kept.sort(this.#compare)
    if (this.#kept.length < this.#limit) return
    this.#kept.length = this.#limit
    this.#last = this.#kept[this.#limit - 1]
  }
}
