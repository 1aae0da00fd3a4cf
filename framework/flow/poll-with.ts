import { asyncScheduler, concatMap, type OperatorFunction } from 'rxjs'
import { ConnectError, type Demand, type SourceBatch, type SourcePart } from '../api/index.ts'
import { Backoff, sleep } from './backoff.ts'

export interface PollOptions {
  /** Shortest time from the start of a poll that found nothing to the next poll; 100 ms by default. Keeps a poll that does not wait by itself from spinning. */
  readonly idleMs?: number
  /** Delays between the attempts of a poll that fails with a retriable `ConnectError`. */
  readonly backoff?: Backoff
  /** Told of each failed attempt that will be repeated: log it. */
  readonly onRetry?: (error: ConnectError, delayMs: number) => void
}

type Poll = (demand: Demand) => Promise<readonly SourcePart[] | null | undefined>

/**
 * Turns a poll function into what `SourceTask.batches` needs: one poll at a time, one batch per demand.
 * `poll` returns the parts it found, or nothing. A retriable `ConnectError` is retried, any other error fails the task;
 * an error after the demand's signal aborted counts as nothing found.
 *
 * @example
 * class Ticks extends SourceTask {
 *   async start() {}
 *   batches = pollWith(async demand => [await nextTick(demand.signal)])
 * }
 */
export function pollWith(poll: Poll, options: PollOptions = {}): OperatorFunction<Demand, SourceBatch> {
  const { idleMs = 100, backoff = new Backoff({ initialMs: 100, maxMs: 10_000 }), onRetry } = options
  return concatMap(async demand => {
    const startedMs = asyncScheduler.now()
    const requestedAt = performance.now()
    const parts = (await pollOnce(poll, demand, backoff, onRetry)) ?? []
    if (parts.length > 0) return { parts, requestedAt, receivedAt: performance.now() }
    await sleep(Math.max(0, startedMs + idleMs - asyncScheduler.now()), demand.signal)
    return { parts }
  })
}

async function pollOnce(poll: Poll, demand: Demand, backoff: Backoff, onRetry: PollOptions['onRetry']): ReturnType<Poll> {
  while (!demand.signal.aborted) {
    try {
      const parts = await poll(demand)
      backoff.reset()
      return parts
    } catch (error) {
      if (demand.signal.aborted) break
      if (!(error instanceof ConnectError && error.retriable)) throw error
      const delayMs = backoff.next()
      onRetry?.(error, delayMs)
      await sleep(delayMs, demand.signal)
    }
  }
  return undefined
}
