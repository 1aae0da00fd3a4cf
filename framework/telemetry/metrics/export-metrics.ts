import type { Metric, MetricSink, MetricSource } from '../../api/index.ts'

/** Why spans are lost. */
export type SpanLoss = 'queue_full' | 'not_taken'

/** What became of the traces or the metrics that were to be sent by OTLP. */
export interface ExportFigures {
  readonly signal: 'traces' | 'metrics'
  /** Requests that the collector took. */
  readonly sent: number
  readonly failed: number
  readonly isFailing: boolean
  readonly spansSent: number
  readonly spansLost: Readonly<Record<SpanLoss, number>>
}

export const exportMetrics = {
  exports: {
    name: 'isthmus_telemetry_exports_total',
    kind: 'counter',
    unit: '1',
    labels: ['signal', 'outcome'],
    doc: 'Requests to the collector (OTLP), of signal traces or metrics, by outcome: sent, failed. Absent, as those below, where none is named.',
  },
  failing: {
    name: 'isthmus_telemetry_export_failing',
    kind: 'gauge',
    unit: '1',
    labels: ['signal'],
    doc: '1 while the collector does not take what it is sent, or less than is made; 0 once it does.',
  },
  spans: {
    name: 'isthmus_telemetry_exported_spans_total',
    kind: 'counter',
    unit: '1',
    labels: [],
    doc: 'Spans that the collector took.',
  },
  dropped: {
    name: 'isthmus_telemetry_dropped_spans_total',
    kind: 'counter',
    unit: '1',
    labels: ['reason'],
    doc: 'Spans that were lost: queue_full (as many waited as may, OTEL_BSP_MAX_QUEUE_SIZE), not_taken (the collector did not take them).',
  },
} as const satisfies Readonly<Record<string, Metric>>

/** How the export of telemetry itself goes. */
export class ExportMetrics implements MetricSource {
  readonly metrics = Object.values(exportMetrics)
  readonly #exports: readonly ExportFigures[]

  constructor(exports: readonly ExportFigures[]) {
    this.#exports = exports
  }

  collect(to: MetricSink): void {
    for (const { signal, sent, failed, isFailing, spansSent, spansLost } of this.#exports) {
      to.add(exportMetrics.exports, { signal, outcome: 'sent' }, sent)
      to.add(exportMetrics.exports, { signal, outcome: 'failed' }, failed)
      to.add(exportMetrics.failing, { signal }, isFailing ? 1 : 0)
      if (signal !== 'traces') continue
      to.add(exportMetrics.spans, {}, spansSent)
      for (const reason of ['queue_full', 'not_taken'] as const) to.add(exportMetrics.dropped, { reason }, spansLost[reason])
    }
  }
}
