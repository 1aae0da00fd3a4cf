import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { AggregationTemporality, type PushMetricExporter, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ExportRecord } from './export-record.ts'
import { rejectedPoints } from './otlp-answers.ts'
import type { OtlpSender } from './otlp-sender.ts'

type Done = Parameters<PushMetricExporter['export']>[1]

/** Of an `ExportResult`: what there is to say of a failure is said here, nobody is to stumble over it. */
const SUCCESS = { code: 0 } as const

/** One attempt an interval, and where the first of several requests fails the others are not tried: the next interval has all of it again. */
export class MetricsExporter implements PushMetricExporter {
  readonly #sender: OtlpSender
  readonly #record: ExportRecord
  #hasFailed = false

  constructor(sender: OtlpSender, record: ExportRecord) {
    this.#sender = sender
    this.#record = record
  }

  /** What comes from now on was collected anew. */
  begin(): void {
    this.#hasFailed = false
  }

  export(data: ResourceMetrics, done: Done): void {
    const sent = this.#hasFailed ? Promise.resolve() : this.#send(data)
    sent.then(
      () => done(SUCCESS),
      (error: unknown) => {
        this.#failed(error instanceof Error ? error.message : String(error))
        done(SUCCESS)
      },
    )
  }

  selectAggregationTemporality(): AggregationTemporality {
    return AggregationTemporality.CUMULATIVE
  }

  async forceFlush(): Promise<void> {
    // Nothing is kept.
  }

  async shutdown(): Promise<void> {
    this.#sender.close()
  }

  async #send(data: ResourceMetrics): Promise<void> {
    const answer = rejectedPoints(await this.#sender.send(ProtobufMetricsSerializer.serializeRequest(data) ?? new Uint8Array()))
    if (!answer.isTaken) this.#failed(answer.why)
    else if (answer.rejected > 0) this.#record.refused(answer.why)
    else this.#record.took()
  }

  #failed(why: string): void {
    this.#hasFailed = true
    this.#record.refused(why)
  }
}
