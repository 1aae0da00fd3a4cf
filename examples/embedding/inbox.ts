import type { Token } from 'isthmus'

export interface Order {
  readonly number: number
  readonly customer: string
}

/** An order on its way to Kafka. */
export interface Entry {
  readonly order: Order
  settle(error?: Error): void
}

/** Where the program puts orders, and the connector takes them. */
export class Inbox {
  #entries: Entry[] = []
  #wake = (): void => undefined

  /** Resolves once Kafka has the order. */
  add(order: Order): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#entries.push({ order, settle: error => (error === undefined ? resolve() : reject(error)) })
    this.#wake()
    return promise
  }

  /** Waits for some until the signal aborts. */
  async take(limit: number, signal: AbortSignal): Promise<readonly Entry[]> {
    if (this.#entries.length === 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
      await promise
    }
    return this.#entries.splice(0, limit)
  }
}

/** By which the program's container provides it to the connector. */
export const INBOX = Symbol('Inbox') as Token<Inbox>
