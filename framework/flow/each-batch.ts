import type { OperatorFunction } from 'rxjs'
import { ConnectError, type SinkAck, type SinkBatch } from '../api/index.ts'
import { Backoff, type BackoffOptions, sleep } from './backoff.ts'
import { type BatchOrder, inLanes } from './batch-lanes.ts'

export interface EachBatchOptions {
  /** `per-partition` (default): one batch at a time of each partition, partitions beside each other. `all`: one batch at a time. */
  readonly order?: BatchOrder
  /** Delays between the attempts of what fails with a retriable `ConnectError`; 300 ms, doubled up to a minute, by default. */
  readonly backoff?: BackoffOptions
}

export const DEFAULT_SINK_BACKOFF: BackoffOptions = { initialMs: 300, maxMs: 60_000 }

/**
 * Turns a function that writes one batch into what `SinkTask.deliver` needs. The batch is acknowledged when its promise resolves. A retriable
 * `ConnectError` = the same batch again after a delay, as often as it takes, while other partitions go on; one of kind `partition` fails the
 * partition; any other error fails the task. Once its `signal` aborts, a batch is not begun and not tried again, and an error counts as not
 * written.
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
  const { order = 'per-partition', backoff = DEFAULT_SINK_BACKOFF } = options
  return inLanes(order, (batch, signal, acked) => attempt(write, batch, signal, new Backoff(backoff), acked))
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
