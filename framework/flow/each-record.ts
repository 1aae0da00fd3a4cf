import type { OperatorFunction } from 'rxjs'
import { ConnectError, type SinkAck, type SinkBatch, type SinkValue } from '../api/index.ts'
import { Backoff, sleep } from './backoff.ts'
import { inLanes } from './batch-lanes.ts'
import { DEFAULT_SINK_BACKOFF, type EachBatchOptions } from './each-batch.ts'

export type EachRecordOptions = EachBatchOptions

/** Nothing, or a promise where there is something to wait for: most records of a sink that gathers need none. */
export type WriteRecord = (record: SinkValue, signal: AbortSignal) => void | Promise<void>

/**
 * Turns a function that writes one record into what `SinkTask.deliver` needs, for sinks that write records one by one. Records are values: read by
 * the converters, changed by the transforms. They come in order within a partition, each after the one before it was written; the batch is
 * acknowledged after its last. What the function throws decides:
 *
 * - a retriable `ConnectError`: the same record again after a delay, as often as it takes; what was written before it is acknowledged and not
 *   written again, other partitions go on;
 * - a `ConnectError` of kind `partition`: the partition fails, the others go on;
 * - any other error: the record is reported (`errantRecords`) and the next one is written, where `errors.tolerance` is `all` and a dead-letter
 *   topic or a log is configured. Else the task fails.
 *
 * Once the batch's `signal`, which the function is given too, aborts, no further record is begun, and an error counts as not written.
 *
 * @example
 * class Alerts extends SinkTask {
 *   async start() {}
 *   deliver = eachRecord(async ({ value }, signal) => {
 *     const answer = await fetch(url, { method: 'POST', body: JSON.stringify(value), signal })
 *     if (answer.status >= 500) throw new ConnectError('BUSY', answer.statusText, { kind: 'retriable', stage: 'deliver' })
 *     if (!answer.ok) throw new Error(`refused: ${answer.statusText}`)
 *   })
 * }
 */
export function eachRecord(write: WriteRecord, options: EachRecordOptions = {}): OperatorFunction<SinkBatch, SinkAck> {
  const { order = 'per-partition', backoff = DEFAULT_SINK_BACKOFF } = options
  return inLanes(order, async (batch, signal, acked) => {
    const progress: Progress = { batch, signal, acked, backoff: new Backoff(backoff), done: 0, nextOffset: batch.firstOffset }
    while (!signal.aborted) {
      try {
        if (await writeAll(write, progress)) return { batch }
      } catch (error) {
        if (signal.aborted) break
        if (!(error instanceof ConnectError) || error.kind === 'fatal' || error.kind === 'configuration') throw error
        acked({ batch, nextOffset: progress.nextOffset })
        if (error.kind === 'partition') return { batch, error }
        acked({ batch, error })
        await sleep(progress.backoff.next(), signal)
      }
    }
    return { batch, nextOffset: progress.nextOffset }
  })
}

interface Progress {
  readonly batch: SinkBatch
  readonly signal: AbortSignal
  readonly acked: (ack: SinkAck) => void
  readonly backoff: Backoff
  /** Values that are written or passed over. */
  done: number
  /** Records before it are. */
  nextOffset: number
}

/** From where it stands. False = the signal aborted before the end. */
async function writeAll(write: WriteRecord, progress: Progress): Promise<boolean> {
  const { batch, signal, backoff } = progress
  const values = await batch.values()
  while (progress.done < values.length) {
    if (signal.aborted) return false
    const value = values[progress.done]!
    progress.nextOffset = value.offset
    try {
      const writing = write(value, signal)
      if (writing !== undefined) await writing
    } catch (error) {
      await passOver(batch, value, error, signal)
    }
    progress.done++
    progress.nextOffset = value.offset + 1
    if (backoff.attempts > 0) backoff.reset()
  }
  return true
}

/** Rejects with the error where the record cannot be passed over. */
async function passOver({ errantRecords }: SinkBatch, value: SinkValue, error: unknown, signal: AbortSignal): Promise<void> {
  const isOfRecord = !(error instanceof ConnectError) || error.kind === 'fatal'
  if (!isOfRecord || errantRecords === null || signal.aborted) throw error
  await errantRecords.report(value, error)
}
