/** A first-in first-out queue on a growing circular array: no allocation per item, O(1) amortised. */
export class Ring<T> {
  #items: (T | undefined)[] = new Array(8)
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(item: T): void {
    if (this.#size === this.#items.length) this.#grow()
    this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = item
    this.#size++
  }

  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#items[this.#head]
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#items.length - 1)
    this.#size--
    return item
  }

  /** First in, first out; not to be changed meanwhile. */
  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.#size; i++) yield this.#items[(this.#head + i) & (this.#items.length - 1)] as T
  }

  clear(): void {
    this.#items = new Array(8)
    this.#head = 0
    this.#size = 0
  }

  #grow(): void {
    const items = this.#items
    const grown: (T | undefined)[] = new Array(items.length * 2)
    for (let i = 0; i < this.#size; i++) grown[i] = items[(this.#head + i) & (items.length - 1)]
    this.#items = grown
    this.#head = 0
  }
}
