import type { TaskRunState } from './status.ts'

/** How the time of a task is divided among its states, since it was configured last. */
export class StateShares {
  readonly #ms = new Map<TaskRunState, number>()
  #state: TaskRunState | undefined
  #startAt = 0
  #sinceAt = 0

  /** A task begins, in this state. @param now of `performance.now()`, here and below */
  begin(state: TaskRunState, now = performance.now()): void {
    this.#ms.clear()
    this.#state = state
    this.#startAt = now
    this.#sinceAt = now
  }

  to(state: TaskRunState, now = performance.now()): void {
    if (this.#state === undefined) this.#startAt = now
    else this.#ms.set(this.#state, (this.#ms.get(this.#state) ?? 0) + now - this.#sinceAt)
    this.#state = state
    this.#sinceAt = now
  }

  /** Between 0 and 1. */
  of(state: TaskRunState, now = performance.now()): number {
    const allMs = now - this.#startAt
    if (allMs <= 0) return this.#state === state ? 1 : 0
    const current = this.#state === state ? now - this.#sinceAt : 0
    return ((this.#ms.get(state) ?? 0) + current) / allMs
  }
}
