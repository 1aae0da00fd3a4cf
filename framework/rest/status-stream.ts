import { interval, type Subscription } from 'rxjs'
import type { Logger, StatusReport } from '../api/index.ts'
import { Seldom } from '../flow/index.ts'
import { type Answer, type Listener, type StreamAnswer, textAnswer } from './route.ts'

const EVERY_MS = 1_000
const MAX_LISTENERS = 50
/** Reports in a row that a listener may be too slow for; they are left out, and none is kept for it. */
const MISSED = 10
/** How soon a browser asks again after the end of the stream. */
const RETRY_MS = 2_000

export interface StatusStreamOptions {
  readonly status: () => StatusReport
  readonly logger: Logger
  readonly everyMs?: number
}

/** Server-sent events, `event: status`: one report a second for all who listen, and none while nobody does. */
export class StatusStream {
  readonly #options: StatusStreamOptions
  /** And how many reports in a row each has missed. */
  readonly #listeners = new Map<Listener, number>()
  readonly #errors = new Seldom()
  #ticks: Subscription | undefined
  /** The last report, for whoever comes before the next. */
  #text = ''

  constructor(options: StatusStreamOptions) {
    this.#options = options
  }

  get listenerCount(): number {
    return this.#listeners.size
  }

  answer(): Answer | StreamAnswer {
    if (this.#listeners.size < MAX_LISTENERS) return { contentType: 'text/event-stream', open: listener => this.#open(listener) }
    const refusal = textAnswer(503, `${MAX_LISTENERS} listen already; GET /status is always answered`)
    return { ...refusal, headers: { 'Retry-After': '10' } }
  }

  /** Ends all streams. */
  close(): void {
    for (const listener of [...this.#listeners.keys()]) listener.drop()
    this.#listeners.clear()
    this.#rest()
  }

  #open(listener: Listener): void {
    this.#listeners.set(listener, 0)
    listener.onClose(() => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#rest()
    })
    if (this.#ticks === undefined) this.#begin()
    listener.send(`retry: ${RETRY_MS}\n\n${this.#text}`)
  }

  #begin(): void {
    const { everyMs = EVERY_MS, logger } = this.#options
    this.#read()
    const error = (cause: unknown): void => logger.error({ error: cause }, 'The status is not sent any more')
    this.#ticks = interval(everyMs).subscribe({ next: () => this.#tick(), error })
  }

  #rest(): void {
    this.#ticks?.unsubscribe()
    this.#ticks = undefined
  }

  #tick(): void {
    this.#read()
    for (const [listener, missed] of this.#listeners) {
      if (!listener.isBehind) {
        this.#listeners.set(listener, 0)
        listener.send(this.#text)
      } else if (missed < MISSED) this.#listeners.set(listener, missed + 1)
      else listener.drop()
    }
  }

  #read(): void {
    try {
      this.#text = `event: status\ndata: ${JSON.stringify(this.#options.status())}\n\n`
    } catch (error) {
      this.#text = ': the status could not be told; the log says why\n\n'
      this.#options.logger[this.#errors.level('error')]({ error }, 'The status could not be told')
    }
  }
}
