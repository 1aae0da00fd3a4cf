import type { PartitionReport, PartitionState, PartitionsReport } from '../../api/index.ts'
import type { PartitionEntry } from '../partition-entry.ts'
import { LagSum, lagBytes, oldestAgeMs } from '../partition-lag.ts'
import { partitionName } from '../partition-name.ts'
import { FirstOf } from './first-of.ts'
import { rankOf, severityOfPartition } from './severity.ts'

const SHOWN = 100

/** What there is to say of partitions, and of all of them together. What is not known is undefined. */
export interface PartitionsSummary {
  readonly report: PartitionsReport
  readonly lagRecords: number | undefined
  readonly lagBytes: number | undefined
  readonly oldestAgeMs: number | undefined
  readonly replicationLatency: { readonly avgMs: number; readonly maxMs: number } | undefined
}

/** In one pass: there may be thousands, once a second. */
export function summarizePartitions(entries: Iterable<PartitionEntry>, nowMs: number = Date.now()): PartitionsSummary {
  const first = new FirstOf<PartitionEntry>(SHOWN, byAttention)
  const byState: Partial<Record<PartitionState, number>> = {}
  const lag = new LagSum()
  const bytes = new Sum()
  const latency = new LatencySum(performance.now())
  let oldest: number | undefined
  let [count, gaps, gapRecords] = [0, 0, 0]
  for (const entry of entries) {
    const { state } = entry
    count++
    byState[state] = (byState[state] ?? 0) + 1
    gaps += entry.gaps + entry.recreations
    gapRecords += entry.gapRecords
    lag.add(entry)
    if (entry.lagRecords >= 0) {
      bytes.add(lagBytes(entry))
      const age = oldestAgeMs(entry, nowMs)
      if (age !== undefined && age >= (oldest ?? 0)) oldest = age
    }
    latency.add(entry)
    first.add(entry)
  }
  const isLagKnown = lag.records !== undefined
  const shown = first.list().map(entry => partitionReport(entry, nowMs))
  return {
    report: { count, byState, gaps, gapRecords, shown, omitted: count - shown.length },
    lagRecords: lag.records,
    lagBytes: isLagKnown ? bytes.value : undefined,
    oldestAgeMs: isLagKnown ? oldest : undefined,
    replicationLatency: latency.value,
  }
}

function partitionReport(entry: PartitionEntry, nowMs: number): PartitionReport {
  const { partition, status, records, bytes, lagRecords, gaps, recreations, gapRecords, retries } = entry
  const [waiting, age] = lagRecords < 0 ? [] : [lagBytes(entry), oldestAgeMs(entry, nowMs)]
  return {
    name: partitionName(partition),
    ...status,
    severity: severityOfPartition(status.state),
    records,
    bytes,
    ...(lagRecords >= 0 && { lagRecords }),
    ...(waiting !== undefined && { lagBytes: waiting }),
    ...(age !== undefined && { oldestAgeMs: age }),
    gaps: gaps + recreations,
    gapRecords,
    retries,
  }
}

function byAttention(a: PartitionEntry, b: PartitionEntry): number {
  return rankOf(severityOfPartition(a.state)) - rankOf(severityOfPartition(b.state)) || b.lagRecords - a.lagRecords
}

/** Of what is known; nothing where nothing is. */
class Sum {
  value: number | undefined

  add(value: number | undefined): void {
    if (value !== undefined) this.value = (this.value ?? 0) + value
  }
}

class LatencySum {
  readonly #nowMs: number
  #sum = 0
  #count = 0
  #max = Number.NEGATIVE_INFINITY

  /** @param nowMs of `performance.now()` */
  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  add({ replicationLatency }: PartitionEntry): void {
    const count = replicationLatency.count(this.#nowMs)
    if (count === 0) return
    this.#count += count
    this.#sum += replicationLatency.average(this.#nowMs) * count
    this.#max = Math.max(this.#max, replicationLatency.max(this.#nowMs))
  }

  get value(): { readonly avgMs: number; readonly maxMs: number } | undefined {
    return this.#count === 0 ? undefined : { avgMs: this.#sum / this.#count, maxMs: this.#max }
  }
}
