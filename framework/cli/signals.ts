import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type StopSignal = (typeof SIGNALS)[number]

/** A terminal and the program between it and us may both pass on one key press. */
const SAME_MS = 100
/** Given to those who are told to stop at once. */
const LAST_MS = 1_000

export interface StopSignalsOptions {
  readonly onFirst: (signal: string) => void
  /** Called when the second signal has not ended the process by itself. */
  readonly exit: (code: number) => void
}

/** The first signal asks to finish, the second to stop at once. */
export class StopSignals {
  readonly #options: StopSignalsOptions
  readonly #stopping = new AbortController()
  readonly #stopNow = new AbortController()
  readonly #handlers = SIGNALS.map(signal => [signal, () => this.receive(signal)] as const)
  #firstAtMs = 0
  #exitCode: number | undefined

  constructor(options: StopSignalsOptions) {
    this.#options = options
    for (const [signal, handler] of this.#handlers) process.on(signal, handler)
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  get stopNow(): AbortSignal {
    return this.#stopNow.signal
  }

  /** That of the second signal, once there was one. */
  get exitCode(): number | undefined {
    return this.#exitCode
  }

  receive(signal: StopSignal, nowMs = performance.now()): void {
    if (!this.#stopping.signal.aborted) {
      this.#firstAtMs = nowMs
      this.#options.onFirst(signal)
      this.#stopping.abort()
    } else if (nowMs - this.#firstAtMs >= SAME_MS && this.#exitCode === undefined) {
      const exitCode = 128 + constants.signals[signal]
      this.#exitCode = exitCode
      this.#stopNow.abort()
      setTimeout(() => this.#options.exit(exitCode), LAST_MS).unref()
    }
  }

  close(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler)
  }
}
