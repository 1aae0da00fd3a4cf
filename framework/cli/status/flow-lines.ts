import type { FlowReport, LatencyReport, PartitionsReport } from '../../api/status-report.ts'
import type { PartitionState } from '../../api/task-context.ts'
import { grouped, megabytes } from '../../text/figures.ts'
import { type Row, tableLines, type View } from './layout.ts'
import { age, gapsCell, known, stateCell } from './words.ts'

const HEADINGS = ['FLOW', 'STATE', 'FOR', 'PARTITIONS', 'LAG', 'OLDEST', 'REC/S', 'MB/S', 'HOP P50/P99', 'GAPS (RECORDS)']
const AS_THEY_SHOULD: readonly string[] = ['STARTING', 'COPYING', 'CAUGHT_UP']

/** A row per flow; below it why it does not run, and how many partitions do not copy as they should. */
export function flowLines(flows: readonly FlowReport[], nowMs: number, view: View): string[] {
  return tableLines({ headings: HEADINGS, texts: 2, rows: flows.map(flow => rowOf(flow, nowMs)) }, view)
}

function rowOf(flow: FlowReport, nowMs: number): Row {
  const { name, state, severity, sinceMs, cause, partitions } = flow
  const isCopying = partitions.count > 0
  const figures = [
    grouped(partitions.count),
    known(flow.lagRecords),
    age(flow.oldestAgeMs),
    grouped(flow.recordsPerSecond),
    megabytes(flow.bytesPerSecond),
    hop(flow.hopLatency),
    gapsCell(partitions),
  ]
  return {
    cells: [name, stateCell(state, severity), age(nowMs - sinceMs), ...(isCopying ? figures : [])],
    below: [
      ...(cause === undefined ? [] : [cause]),
      ...(flow.role === 'heartbeats' && !isCopying ? ['heartbeats only'] : []),
      ...troubleOf(partitions),
    ],
  }
}

/** `2.9/41 ms`: what is below 10 ms with a decimal. */
function hop(latency: LatencyReport | undefined): string {
  if (latency === undefined) return '-'
  const text = (ms: number): string => (ms < 10 ? ms.toFixed(1) : grouped(ms))
  return `${text(latency.p50Ms)}/${text(latency.p99Ms)} ms`
}

function troubleOf({ byState }: PartitionsReport): string[] {
  const states = Object.entries(byState) as [PartitionState, number][]
  const troubled = states.filter(([state, n]) => n > 0 && !AS_THEY_SHOULD.includes(state))
  return troubled.length === 0 ? [] : [`partitions: ${troubled.map(([state, n]) => `${grouped(n)} ${state}`).join(', ')}`]
}
