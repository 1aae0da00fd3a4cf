import { ConnectError } from '../api/index.ts'
import { deferred } from '../flow/index.ts'

/** The promise, or a rejection with code ABORTED as soon as the signal aborts; what becomes of the promise then is nobody's concern. */
export const abortable = <T>(promise: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> => {
  if (signal === undefined) return promise
  const { promise: result, resolve, reject } = deferred<T>()
  const onAbort = (): void =>
    reject(new ConnectError('ABORTED', `${what} was given up`, { kind: 'retriable', stage: 'stop', cause: signal.reason }))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  return result
}
