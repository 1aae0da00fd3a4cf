import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const DEADLINE_MS = 60_000
const LOOK_MS = 50

/** What the sink has written, looked at by another process. */
export class OrdersTable {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  count(): number {
    return this.tally().rows
  }

  tally(): { readonly rows: number; readonly different: number } {
    const database = new DatabaseSync(this.#path, { timeout: 5_000 })
    try {
      const exists = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'orders'").get() !== undefined
      if (!exists) return { rows: 0, different: 0 }
      const counted = database.prepare('SELECT count(*) AS rows, count(DISTINCT number) AS different FROM orders').get()
      return counted as unknown as { rows: number; different: number }
    } finally {
      database.close()
    }
  }

  async awaitMoreThan(count: number): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS
    while (this.count() <= count) {
      if (performance.now() > deadline) throw new Error(`the table has ${this.count()} orders after ${DEADLINE_MS / 1000} s`)
      await sleep(LOOK_MS)
    }
  }
}
