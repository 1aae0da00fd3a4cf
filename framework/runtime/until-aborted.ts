import { deferred } from '../flow/index.ts'

export const ABORTED = Symbol('aborted')

/**
 * The promise, or `ABORTED` as soon as the signal aborts. `late` is told of a rejection that comes after that: nobody else sees it.
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  late: (error: unknown) => void,
): Promise<T | typeof ABORTED> {
  const { promise: result, resolve, reject } = deferred<T | typeof ABORTED>()
  const onAbort = () => resolve(ABORTED)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  promise.then(
    value => {
      signal.removeEventListener('abort', onAbort)
      resolve(value)
    },
    (error: unknown) => {
      signal.removeEventListener('abort', onAbort)
      if (signal.aborted) late(error)
      else reject(error)
    },
  )
  return result
}
