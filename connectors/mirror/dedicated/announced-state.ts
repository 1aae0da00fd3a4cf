import type { Logger } from '../../../framework/api/index.ts'
import { Seldom } from '../../../framework/flow/index.ts'
import type { FlowWatch } from '../observe/flow-watch.ts'
import type { FlowState } from './flow-status.ts'
import type { ShownState } from './shown-state.ts'

/** The state of a flow as others see it; each change of it, or of its cause, is logged and becomes an event. */
export class AnnouncedState {
  readonly #flow: string
  readonly #logger: Logger
  readonly #watch: FlowWatch
  readonly #causes = new Seldom()
  #state: FlowState = 'STARTING'
  #cause: string | undefined
  #sinceMs = Date.now()

  constructor(flow: string, logger: Logger, watch: FlowWatch) {
    this.#flow = flow
    this.#logger = logger
    this.#watch = watch
  }

  get current(): { readonly state: FlowState; readonly sinceMs: number; readonly cause?: string } {
    return { state: this.#state, sinceMs: this.#sinceMs, ...(this.#cause === undefined ? {} : { cause: this.#cause }) }
  }

  /** False when it was so before. */
  announce({ state, cause, error }: ShownState): boolean {
    const isNew = state !== this.#state
    if (!isNew && cause === this.#cause) return false
    if (isNew) this.#sinceMs = Date.now()
    this.#state = state
    this.#cause = cause
    this.#logger[this.#level(isNew)]({ state }, `Flow ${this.#flow}: ${state}${cause === undefined ? '' : `: ${cause}`}`)
    this.#watch.state(state, cause, error, isNew)
    return true
  }

  #level(isNew: boolean): 'error' | 'warn' | 'info' | 'debug' {
    if (this.#state === 'FAILED') return 'error'
    if (this.#state !== 'BLOCKED' && this.#state !== 'RETRYING') return 'info'
    return isNew ? 'warn' : this.#causes.level('warn')
  }
}
