import { Windowed } from '../telemetry/metrics/windowed.ts'
import { LatencyHistogram } from './latency-histogram.ts'

/** What a task has done since it is known, in all its runs. Counted once per part or batch, never per record. */
export class TaskTotals {
  /** Source: handed over by the task. Sink: read from Kafka. */
  recordsRead = 0
  /** Source: acknowledged by Kafka. Sink: acknowledged by the task. */
  recordsWritten = 0
  bytesWritten = 0
  /** Read, and not acknowledged yet: of the present run. */
  recordsActive = 0
  /** Records of a part or batch. */
  readonly batchSize = new Windowed()
  /** From sending a part, or delivering a batch, to its acknowledgement. */
  readonly ackLatency = new LatencyHistogram()

  /** @param nowMs of `performance.now()` */
  read(records: number, nowMs: number): void {
    this.recordsRead += records
    if (records > 0) this.batchSize.record(records, records, nowMs)
  }

  /** A new run: what the last one had on its way is read again. */
  restarted(): void {
    this.recordsActive = 0
  }
}
