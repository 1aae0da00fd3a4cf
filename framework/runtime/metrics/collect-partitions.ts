import type { MetricSink } from '../../api/index.ts'
import { lagBytes, oldestAgeMs } from '../partition-lag.ts'
import type { LabelSets } from './label-sets.ts'
import type { ShownPartition } from './observed-worker.ts'
import { isTroubled } from './partition-choice.ts'
import { workerMetrics } from './worker-metrics.ts'

export function collectPartition(to: MetricSink, { connector, entry }: ShownPartition, labels: LabelSets, nowMs: number): void {
  const own = labels.ofPartition(connector, entry)
  to.add(workerMetrics.partitionRecords, own, entry.records)
  to.add(workerMetrics.partitionBytes, own, entry.bytes)
  if (entry.lagRecords >= 0) {
    to.add(workerMetrics.partitionLag, own, entry.lagRecords)
    const bytes = lagBytes(entry)
    if (bytes !== undefined) to.add(workerMetrics.partitionLagBytes, own, bytes)
    const age = oldestAgeMs(entry, nowMs)
    if (age !== undefined) to.add(workerMetrics.partitionAge, own, age / 1000)
  }
  to.add(workerMetrics.partitionGaps, own, entry.gaps + entry.recreations)
  to.add(workerMetrics.partitionLost, own, entry.gapRecords)
  to.add(workerMetrics.partitionRetries, own, entry.retries)
  if (isTroubled(entry)) to.add(workerMetrics.partitionTrouble, { ...own, state: entry.state }, 1)
}
