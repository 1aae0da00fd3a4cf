/** Until a harness gives up waiting. */
export const DEFAULT_TIMEOUT_MS = 5_000

/** What a harness waited for did not come. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}

/** Settles as the promise does; rejects with `TimeLimitError` when that takes longer. @param what did not happen, as a sentence, and where to look */
export async function withinLimit<T>(promise: Promise<T>, timeoutMs: number, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(`${what()} (waited ${timeoutMs} ms)`)), timeoutMs)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
