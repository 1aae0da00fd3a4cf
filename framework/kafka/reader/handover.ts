/** Hands items from several producers to several consumers, in order on both sides. A producer waits until its item is taken. */
export class Handover<T> {
  readonly #items: { readonly item: T; readonly taken: () => void }[] = []
  readonly #consumers: ((item: T | null) => void)[] = []
  #closed = false

  /** Resolves when the item is taken, or at once when closed. */
  put(item: T): Promise<void> {
    const consumer = this.#consumers.shift()
    if (consumer !== undefined) {
      consumer(item)
      return Promise.resolve()
    }
    if (this.#closed) return Promise.resolve()
    return new Promise(resolve => this.#items.push({ item, taken: resolve }))
  }

  /** The next item; null when `signal` aborts first or the handover is closed. */
  take(signal: AbortSignal): Promise<T | null> {
    const waiting = this.#items.shift()
    if (waiting !== undefined) {
      waiting.taken()
      return Promise.resolve(waiting.item)
    }
    if (signal.aborted || this.#closed) return Promise.resolve(null)
    return new Promise(resolve => {
      const abort = (): void => {
        const index = this.#consumers.indexOf(answer)
        if (index >= 0) this.#consumers.splice(index, 1)
        resolve(null)
      }
      const answer = (item: T | null): void => {
        signal.removeEventListener('abort', abort)
        resolve(item)
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#consumers.push(answer)
    })
  }

  /** Lets everybody go: items not taken are dropped. */
  close(): void {
    this.#closed = true
    for (const consumer of this.#consumers.splice(0)) consumer(null)
    for (const { taken } of this.#items.splice(0)) taken()
  }
}
