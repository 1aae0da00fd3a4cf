import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { ExportTrouble } from './export-trouble.ts'

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0]

/** Of an `ExportResult`: the package that names it is none of ours. */
const SUCCESS: Result['code'] = 0

/** Spans that cannot be sent are gone, and said to be: nobody is to stumble over a collector. */
export class PatientExporter implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #trouble: ExportTrouble

  constructor(exporter: SpanExporter, trouble: ExportTrouble) {
    this.#exporter = exporter
    this.#trouble = trouble
  }

  export(spans: ReadableSpan[], done: (result: Result) => void): void {
    this.#exporter.export(spans, ({ code, error }) => {
      if (code === SUCCESS) this.#trouble.over()
      else this.#trouble.lost(spans.length, error?.message ?? 'it did not say why')
      done({ code: SUCCESS })
    })
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.()
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }
}
