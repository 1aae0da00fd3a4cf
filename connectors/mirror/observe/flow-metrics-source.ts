import type { MetricLabels, MetricSink, MetricSource } from '../../../framework/api/index.ts'
import { oldestAgeOfAll, type PartitionEntry } from '../../../framework/runtime/index.ts'
import { histogramOf, type PartitionChoice, shownPartitions } from '../../../framework/runtime/metrics/index.ts'
import { Rates } from '../../../framework/telemetry/metrics/index.ts'
import type { ObservedGroup } from './flow-observations.ts'
import type { GroupSyncTotals } from './group-sync-totals.ts'
import { flowMetrics, mirrorMaker2Metrics } from './mirror-metrics.ts'
import type { ObservedFlow } from './observed-flow.ts'

/** The metrics of one flow: MirrorMaker 2's, and those it lacks. */
export class FlowMetricsSource implements MetricSource {
  readonly metrics = [...Object.values(mirrorMaker2Metrics), ...Object.values(flowMetrics)]
  readonly #flow: ObservedFlow
  readonly #choice: PartitionChoice
  readonly #labels: MetricLabels
  readonly #byEntry = new WeakMap<PartitionEntry, MetricLabels>()
  readonly #records = new Rates<PartitionEntry>()
  readonly #bytes = new Rates<PartitionEntry>()

  constructor(flow: ObservedFlow, choice: PartitionChoice) {
    this.#flow = flow
    this.#choice = choice
    this.#labels = { source: flow.source, target: flow.target }
  }

  collect(to: MetricSink): void {
    const { state, records, bytes, lagRecords } = this.#flow.figures()
    const entries = this.#flow.entries()
    const labels = this.#labels
    to.add(flowMetrics.state, { ...labels, state: state.toLowerCase() }, 1)
    to.add(flowMetrics.records, labels, records)
    to.add(flowMetrics.bytes, labels, bytes)
    to.add(flowMetrics.partitions, labels, entries.length)
    if (lagRecords >= 0) {
      to.add(flowMetrics.lag, labels, lagRecords)
      to.add(flowMetrics.oldest, labels, oldestAgeOfAll(entries, Date.now()) / 1000)
    }
    for (const side of ['source', 'target'] as const) {
      to.add(flowMetrics.unreachable, { ...labels, side }, this.#flow.clusters().has(side) ? 1 : 0)
    }
    to.addHistogram(flowMetrics.hop, labels, histogramOf(this.#flow.hop()))
    const shown = shownPartitions(
      entries.map(entry => ({ entry })),
      this.#choice,
    )
    for (const { entry } of shown) this.#collectPartition(to, entry)
    for (const { run, failures, isFailing } of this.#flow.observations.runs.counts()) {
      const ofRun = { flow: this.#flow.name, run }
      to.add(flowMetrics.runFailures, ofRun, failures)
      to.add(flowMetrics.runFailing, ofRun, isFailing ? 1 : 0)
    }
    const { rebalances, groupSync } = this.#flow.observations
    to.add(flowMetrics.rebalanceTime, labels, rebalances.sumMs / 1000)
    to.add(flowMetrics.rebalanceLastTime, labels, rebalances.lastTookMs / 1000)
    to.add(flowMetrics.rebalanceLast, labels, rebalances.lastMs / 1000)
    this.#collectSync(to, groupSync)
    const groups = this.#flow.observations.groups()
    if (groups !== undefined) this.#collectGroups(to, groups)
  }

  #collectSync(to: MetricSink, { runs, set, offsets, refused, skipped, lastRunMs, lastTookMs }: GroupSyncTotals): void {
    const labels = this.#labels
    to.add(flowMetrics.syncRuns, labels, runs)
    to.add(flowMetrics.syncSet, labels, set)
    to.add(flowMetrics.syncOffsets, labels, offsets)
    to.add(flowMetrics.syncRefused, labels, refused)
    for (const [reason, count] of Object.entries(skipped)) to.add(flowMetrics.syncSkipped, { ...labels, reason }, count)
    to.add(flowMetrics.syncLast, labels, lastRunMs / 1000)
    to.add(flowMetrics.syncTook, labels, lastTookMs / 1000)
  }

  #collectPartition(to: MetricSink, entry: PartitionEntry): void {
    const labels = this.#labelsOf(entry)
    const nowMs = performance.now()
    const { records, bytes, recordAge, replicationLatency } = entry
    to.add(mirrorMaker2Metrics.records, labels, records)
    to.add(mirrorMaker2Metrics.recordRate, labels, this.#records.of(entry, records, nowMs))
    to.add(mirrorMaker2Metrics.bytes, labels, bytes)
    to.add(mirrorMaker2Metrics.byteRate, labels, this.#bytes.of(entry, bytes, nowMs))
    to.add(mirrorMaker2Metrics.age, labels, recordAge.last)
    to.add(mirrorMaker2Metrics.ageMax, labels, recordAge.max(nowMs))
    to.add(mirrorMaker2Metrics.ageMin, labels, recordAge.min(nowMs))
    to.add(mirrorMaker2Metrics.ageAvg, labels, recordAge.average(nowMs))
    to.add(mirrorMaker2Metrics.latency, labels, replicationLatency.last)
    to.add(mirrorMaker2Metrics.latencyMax, labels, replicationLatency.max(nowMs))
    to.add(mirrorMaker2Metrics.latencyMin, labels, replicationLatency.min(nowMs))
    to.add(mirrorMaker2Metrics.latencyAvg, labels, replicationLatency.average(nowMs))
  }

  /** All groups are counted; series of their own have as many partitions of theirs as partitions may have that are copied. */
  #collectGroups(to: MetricSink, groups: Iterable<ObservedGroup>): void {
    const byExactness = { exact: 0, low: 0, none: 0 }
    const nowMs = performance.now()
    let count = 0
    let left = this.#choice.shown === 'all' ? this.#choice.max : 0
    for (const group of groups) {
      count++
      for (const { exactness, topic, partition, latency } of group.offsets()) {
        byExactness[exactness ?? 'none']++
        if (latency === undefined || left-- <= 0) continue
        const labels = { ...this.#labels, group: group.name, topic, partition: String(partition) }
        to.add(mirrorMaker2Metrics.checkpointLatency, labels, latency.last)
        to.add(mirrorMaker2Metrics.checkpointLatencyMax, labels, latency.max(nowMs))
        to.add(mirrorMaker2Metrics.checkpointLatencyMin, labels, latency.min(nowMs))
        to.add(mirrorMaker2Metrics.checkpointLatencyAvg, labels, latency.average(nowMs))
      }
    }
    to.add(flowMetrics.groups, this.#labels, count)
    for (const [exactness, n] of Object.entries(byExactness)) to.add(flowMetrics.translated, { ...this.#labels, exactness }, n)
  }

  #labelsOf(entry: PartitionEntry): MetricLabels {
    let labels = this.#byEntry.get(entry)
    if (labels === undefined) {
      const { topic, partition } = entry.partition
      labels = { ...this.#labels, topic: entry.targetTopic || String(topic), partition: String(partition) }
      this.#byEntry.set(entry, labels)
    }
    return labels
  }
}
