export type MetricKind = 'counter' | 'gauge' | 'histogram'

/** One line of the table of metrics. */
export interface Metric {
  /** As Prometheus has it: `isthmus_partition_lag_records`; a counter's ends in `_total`. */
  readonly name: string
  readonly kind: MetricKind
  /** `records`, `bytes`, `ms`, `seconds`, …; `1` = a count or a yes. */
  readonly unit: string
  readonly labels: readonly string[]
  /** One sentence. */
  readonly doc: string
}

/** Values of a metric's labels. Keep the object where it is used again: what is made of it is kept by it. */
export type MetricLabels = Readonly<Record<string, string>>

export interface HistogramValue {
  readonly count: number
  readonly sum: number
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[]
  /** Values up to each bound, those below it included. */
  readonly cumulative: readonly number[]
}

/** Where values go when somebody asks for them. */
export interface MetricSink {
  add(metric: Metric, labels: MetricLabels, value: number): void
  addHistogram(metric: Metric, labels: MetricLabels, value: HistogramValue): void
}

/** Knows values, and says them when it is asked: nothing is done for metrics while nobody looks. */
export interface MetricSource {
  /** All it may say. */
  readonly metrics: readonly Metric[]
  /** Synchronous, and quick: it runs between the batches that are being copied. */
  collect(to: MetricSink): void
}
