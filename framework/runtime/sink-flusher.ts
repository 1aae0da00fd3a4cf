import type { Subscription } from 'rxjs'
import { periodically } from '../flow/index.ts'
import type { SinkPipeline } from './sink-pipeline.ts'

/** Asks a sink task from time to time to write what it holds back. */
export class SinkFlusher {
  readonly #subscription: Subscription
  readonly #stopping = new AbortController()

  /** Begins at once. */
  constructor(pipeline: SinkPipeline, everyMs: number, report: (error: unknown) => void) {
    const flush = () => pipeline.flush([...pipeline.lanes], this.#stopping.signal)
    this.#subscription = periodically(flush, { everyMs, report }).subscribe({ error: report })
  }

  stop(): void {
    this.#stopping.abort()
    this.#subscription.unsubscribe()
  }
}
