import type { HrTime } from '@opentelemetry/api'
import { ValueType } from '@opentelemetry/api'
import { emptyResource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics'
import type { HistogramValue, Metric, MetricLabels, MetricSink, MetricSource } from '../../api/index.ts'

/** By what UCUM has for it. */
const UNITS: Readonly<Record<string, string>> = { bytes: 'By', seconds: 's', ms: 'ms', '1': '1', 'bytes/s': 'By/s' }

/**
 * The values of metric sources as OpenTelemetry's SDK exports them, past its own aggregation, which would take seconds for the series of some
 * thousand partitions.
 */
export class SourcesProducer implements MetricProducer {
  readonly #onCollect: () => void
  #sources: readonly MetricSource[] = []

  constructor(onCollect: () => void) {
    this.#onCollect = onCollect
  }

  show(sources: readonly MetricSource[]): void {
    this.#sources = sources
  }

  async collect(): Promise<CollectionResult> {
    this.#onCollect()
    const points = new Points()
    for (const source of this.#sources) source.collect(points)
    const scopeMetrics = [{ scope: { name: 'isthmus' }, metrics: points.data() }]
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] }
  }
}

class Points implements MetricSink {
  readonly #startTime = toHrTime(performance.timeOrigin)
  readonly #endTime = toHrTime(Date.now())
  readonly #numbers = new Map<Metric, DataPoint<number>[]>()
  readonly #histograms = new Map<Metric, DataPoint<Histogram>[]>()

  /** There is no NaN in what most backends take. */
  add(metric: Metric, labels: MetricLabels, value: number): void {
    if (!Number.isNaN(value)) listOf(this.#numbers, metric).push(this.#point(labels, value))
  }

  addHistogram(metric: Metric, labels: MetricLabels, { bounds, cumulative, count, sum }: HistogramValue): void {
    const counts = [...cumulative, count].map((upTo, i) => upTo - (i === 0 ? 0 : (cumulative[i - 1] ?? 0)))
    const value = { buckets: { boundaries: [...bounds], counts }, sum, count }
    listOf(this.#histograms, metric).push(this.#point(labels, value))
  }

  data(): MetricData[] {
    const numbers = [...this.#numbers].map(([metric, dataPoints]): MetricData => {
      const base = { descriptor: descriptorOf(metric), aggregationTemporality: AggregationTemporality.CUMULATIVE, dataPoints }
      if (metric.kind === 'counter') return { ...base, dataPointType: DataPointType.SUM, isMonotonic: true }
      return { ...base, dataPointType: DataPointType.GAUGE }
    })
    const histograms = [...this.#histograms].map(([metric, dataPoints]): MetricData => {
      const base = { descriptor: descriptorOf(metric), aggregationTemporality: AggregationTemporality.CUMULATIVE }
      return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints }
    })
    return [...numbers, ...histograms]
  }

  #point<T>(attributes: MetricLabels, value: T): DataPoint<T> {
    return { startTime: this.#startTime, endTime: this.#endTime, attributes, value }
  }
}

function descriptorOf({ name, doc, unit }: Metric): MetricData['descriptor'] {
  return { name, description: doc, unit: UNITS[unit] ?? `{${unit}}`, valueType: ValueType.DOUBLE }
}

function listOf<T>(lists: Map<Metric, T[]>, metric: Metric): T[] {
  let list = lists.get(metric)
  if (list === undefined) {
    list = []
    lists.set(metric, list)
  }
  return list
}

function toHrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]
}
