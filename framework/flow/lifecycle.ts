import { BehaviorSubject, type Observable } from 'rxjs'

/** A named state and its legal successors, asserted at each transition. */
export class Lifecycle<S extends string> {
  readonly #name: string
  readonly #next: Readonly<Record<S, readonly S[]>>
  readonly #state: BehaviorSubject<S>
  #sinceMs: number

  constructor(name: string, initial: S, next: Readonly<Record<S, readonly S[]>>) {
    this.#name = name
    this.#next = next
    this.#state = new BehaviorSubject(initial)
    this.#sinceMs = Date.now()
  }

  get state(): S {
    return this.#state.value
  }

  /** Milliseconds since the epoch at which the state was entered. */
  get sinceMs(): number {
    return this.#sinceMs
  }

  /** The state, then each new one. */
  get state$(): Observable<S> {
    return this.#state
  }

  is(...states: readonly S[]): boolean {
    return states.includes(this.#state.value)
  }

  /** Throws when the transition is not declared. */
  to(state: S): void {
    const from = this.#state.value
    if (!this.#next[from].includes(state)) throw new Error(`${this.#name}: no transition from ${from} to ${state}`)
    this.#sinceMs = Date.now()
    this.#state.next(state)
  }
}
