import { Observable, type OperatorFunction } from 'rxjs'
import type { SinkAck, SinkBatch } from '../api/index.ts'

/** `per-partition`: one batch at a time of each partition, partitions beside each other. `all`: one batch at a time. */
export type BatchOrder = 'per-partition' | 'all'

/**
 * Writes batches one after the other, as the order has it. A rejection ends the stream with its error.
 * @param write resolves with the last acknowledgement of the batch; `signal` aborts with the batch's own and when nobody listens any more
 */
export function inLanes(
  order: BatchOrder,
  write: (batch: SinkBatch, signal: AbortSignal, acked: (ack: SinkAck) => void) => Promise<SinkAck>,
): OperatorFunction<SinkBatch, SinkAck> {
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
          acks.next(await write(batch, signal, ack => acks.next(ack)))
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
