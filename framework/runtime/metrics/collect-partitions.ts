import type { MetricSink } from '../../api/index.ts'
import type { PartitionEntry } from '../partition-status.ts'
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

/** Undefined = records wait, and it is not known since when. */
function oldestAgeMs({ lagRecords, waitingSinceMs }: PartitionEntry, nowMs: number): number | undefined {
  if (lagRecords === 0) return 0
  return waitingSinceMs === 0 ? undefined : Math.max(0, nowMs - waitingSinceMs)
}

function lagBytes({ lagRecords, records, bytes, underwayRecords, underwayBytes }: PartitionEntry): number | undefined {
  if (lagRecords === 0) return 0
  const unread = Math.max(0, lagRecords - underwayRecords)
  if (unread === 0) return underwayBytes
  const known = records + underwayRecords
  return known === 0 ? undefined : underwayBytes + Math.round((unread * (bytes + underwayBytes)) / known)
}
