/** Time as a connector sees it: real, or moved by hand in a test. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after so many milliseconds, or when the signal aborts, whichever comes first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
