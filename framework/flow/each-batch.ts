import { Observable, type OperatorFunction } from 'rxjs'
import { ConnectError, type SinkAck, type SinkBatch } from '../api/index.ts'
import { Backoff, type BackoffOptions, sleep } from './backoff.ts'

export interface EachBatchOptions {
  /** `per-partition` (default): one batch at a time of each partition, partitions beside each other. `all`: one batch at a time. */
  readonly order?: 'per-partition' | 'all'
  /** Delays between the attempts of a batch that fails with a retriable `ConnectError`; 300 ms, doubled up to a minute, by default. */
  readonly backoff?: BackoffOptions
}

const DEFAULT_BACKOFF: BackoffOptions = { initialMs: 300, maxMs: 60_000 }

/**
 * Turns a function that writes one batch into what `SinkTask.deliver` needs. The batch is acknowledged when its promise resolves. A retriable
 * `ConnectError` = the same batch again after a delay, as often as it takes, while other partitions go on; one of kind `partition` fails the
 * partition; any other error fails the task. Once its `signal`
 * aborts, a batch is not begun and not tried again, and an error counts as not written.
 *
 * @example
 * class Lines extends SinkTask {
 *   async start() {}
 *   deliver = eachBatch(async batch => { for (const { value } of batch.records()) console.log(value) })
 * }
 */
export function eachBatch(
  write: (batch: SinkBatch) => Promise<void>,
  options: EachBatchOptions = {},
): OperatorFunction<SinkBatch, SinkAck> {
  const { order = 'per-partition', backoff = DEFAULT_BACKOFF } = options
  return batch$ =>
    new Observable<SinkAck>(acks => {
      const unsubscribed = new AbortController()
      const lanes = new Map<string, Promise<void>>()
      let isComplete = false
      const completeIfDone = (): void => {
        if (isComplete && lanes.size === 0) acks.complete()
      }
      const settle = async (batch: SinkBatch): Promise<void> => {
        try {
          const signal = AbortSignal.any([batch.signal, unsubscribed.signal])
          const outcome = await attempt(write, batch, signal, new Backoff(backoff), ack => acks.next(ack))
          acks.next(outcome)
        } catch (error) {
          acks.error(error)
        }
      }
      const enqueue = (batch: SinkBatch): void => {
        const lane = order === 'all' ? '' : `${batch.topic}-${batch.partition}`
        const tail = (lanes.get(lane) ?? Promise.resolve()).then(() => settle(batch))
        lanes.set(lane, tail)
        void tail.then(() => {
          if (lanes.get(lane) === tail) lanes.delete(lane)
          completeIfDone()
        })
      }
      acks.add(() => unsubscribed.abort())
      acks.add(
        batch$.subscribe({
          next: enqueue,
          error: error => acks.error(error),
          complete: () => {
            isComplete = true
            completeIfDone()
          },
        }),
      )
    })
}

async function attempt(
  write: (batch: SinkBatch) => Promise<void>,
  batch: SinkBatch,
  signal: AbortSignal,
  backoff: Backoff,
  retrying: (ack: SinkAck) => void,
): Promise<SinkAck> {
  while (!signal.aborted) {
    try {
      await write(batch)
      return { batch }
    } catch (error) {
      if (signal.aborted) break
      if (!(error instanceof ConnectError)) throw error
      if (error.kind === 'partition') return { batch, error }
      if (!error.retriable) throw error
      retrying({ batch, error })
      await sleep(backoff.next(), signal)
    }
  }
  return { batch, nextOffset: batch.firstOffset }
}
