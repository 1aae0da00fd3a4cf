import type { MaybePromise } from '../../api/converter.ts'

/**
 * Remembers what was asked of a registry: at most so many, the oldest goes first. What is under way is shared, what failed is asked again, and what is
 * known comes back without a promise.
 */
export class BoundedCache<K, V> {
  readonly #max: number
  readonly #known = new Map<K, MaybePromise<V>>()

  constructor(max: number) {
    this.#max = Math.max(1, max)
  }

  get(key: K, make: (key: K) => MaybePromise<V>): MaybePromise<V> {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make(key)
    const oldest = this.#known.keys().next()
    if (this.#known.size >= this.#max && !oldest.done) this.#known.delete(oldest.value)
    this.#known.set(key, made)
    if (made instanceof Promise) {
      made.then(
        value => this.#replace(key, made, value),
        () => this.#forget(key, made),
      )
    }
    return made
  }

  #replace(key: K, made: Promise<V>, value: V): void {
    if (this.#known.get(key) === made) this.#known.set(key, value)
  }

  #forget(key: K, made: Promise<V>): void {
    if (this.#known.get(key) === made) this.#known.delete(key)
  }
}
