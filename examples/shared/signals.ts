import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A terminal and npm may both pass on one key press. */
const SAME_MS = 200

export class SignalError extends Error {
  override readonly name = 'SignalError'
  readonly exitCode: number

  constructor(signal: (typeof SIGNALS)[number]) {
    super(`ended by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/** Rejects with SignalError on the first signal to end; a second one ends the process at once. */
export function signalled(): Promise<never> {
  return new Promise((_, reject) => {
    let firstAtMs = 0
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        const error = new SignalError(signal)
        if (firstAtMs === 0) {
          firstAtMs = performance.now()
          reject(error)
        } else if (performance.now() - firstAtMs > SAME_MS) process.exit(error.exitCode)
      })
    }
  })
}
