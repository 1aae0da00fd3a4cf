import type { Attributes, BatchObservableResult, Meter, Observable } from '@opentelemetry/api'
import type { HistogramValue, Metric, MetricLabels, MetricSink, MetricSource } from '../../api/index.ts'

type Instrument = Observable<Attributes>

/**
 * Shows metrics through a meter of OpenTelemetry, for programs that have an SDK of their own. Values are read when its reader collects. A
 * histogram becomes the counters `_count`, `_sum` and `_bucket`, as no instrument takes one that is counted already. The SDK's limit of 2000
 * series per instrument holds: raise it with a view, or have fewer partitions shown.
 * @returns what ends it
 */
export function registerInstruments(meter: Meter, sources: readonly MetricSource[]): () => void {
  const instruments = new Map<string, Instrument>()
  for (const metric of sources.flatMap(source => source.metrics)) {
    for (const name of namesOf(metric)) if (!instruments.has(name)) instruments.set(name, instrumentOf(meter, name, metric))
  }
  const all = [...instruments.values()]
  const observe = (result: BatchObservableResult): void => {
    const sink = new ObservingSink(result, instruments)
    for (const source of sources) source.collect(sink)
  }
  meter.addBatchObservableCallback(observe, all)
  return () => meter.removeBatchObservableCallback(observe, all)
}

class ObservingSink implements MetricSink {
  readonly #result: BatchObservableResult
  readonly #instruments: ReadonlyMap<string, Instrument>

  constructor(result: BatchObservableResult, instruments: ReadonlyMap<string, Instrument>) {
    this.#result = result
    this.#instruments = instruments
  }

  add({ name }: Metric, labels: MetricLabels, value: number): void {
    this.#observe(name, labels, value)
  }

  addHistogram({ name }: Metric, labels: MetricLabels, { bounds, cumulative, count, sum }: HistogramValue): void {
    for (const [i, bound] of bounds.entries())
      this.#observe(`${name}_bucket`, { ...labels, le: String(bound) }, cumulative[i] ?? 0)
    this.#observe(`${name}_bucket`, { ...labels, le: '+Inf' }, count)
    this.#observe(`${name}_sum`, labels, sum)
    this.#observe(`${name}_count`, labels, count)
  }

  #observe(name: string, labels: MetricLabels, value: number): void {
    const instrument = this.#instruments.get(name)
    if (instrument !== undefined && !Number.isNaN(value)) this.#result.observe(instrument, value, labels)
  }
}

function namesOf({ name, kind }: Metric): readonly string[] {
  return kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
}

function instrumentOf(meter: Meter, name: string, { kind, doc: description, unit }: Metric): Instrument {
  const options = { description, unit }
  return kind === 'gauge' ? meter.createObservableGauge(name, options) : meter.createObservableCounter(name, options)
}
