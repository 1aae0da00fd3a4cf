import type { StatusEvent } from '../../api/index.ts'

const KEPT = 10
/** What begins again sooner than this after it was over goes on. */
const PAUSE_MS = 60_000

type Told = Pick<StatusEvent, 'code' | 'message'>

/** When something could not be sent, and when it could again: an outage is one event, however long it lasts. */
export class ExportEvents {
  readonly #kind: string
  /** The latest last. */
  readonly #events: StatusEvent[] = []

  /** @param kind a word for programs */
  constructor(kind: string) {
    this.#kind = kind
  }

  /** It goes wrong, still or again. */
  trouble(told: Told, nowMs: number): void {
    if (this.#events.at(-1)?.severity === 'ok' && nowMs - this.#events.at(-1)!.lastMs < PAUSE_MS) this.#events.pop()
    const last = this.#events.at(-1)
    if (last?.severity === 'warning') {
      this.#events[this.#events.length - 1] = { ...last, ...told, lastMs: nowMs, count: last.count + 1 }
    } else {
      this.#add({ severity: 'warning', kind: this.#kind, ...told, firstMs: nowMs, lastMs: nowMs, count: 1 })
    }
  }

  over(told: Told, nowMs: number): void {
    this.#add({ severity: 'ok', kind: this.#kind, ...told, firstMs: nowMs, lastMs: nowMs, count: 1 })
  }

  list(): readonly StatusEvent[] {
    return this.#events
  }

  #add(event: StatusEvent): void {
    this.#events.push(event)
    if (this.#events.length > KEPT) this.#events.shift()
  }
}
