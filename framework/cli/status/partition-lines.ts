import type { PartitionReport, StatusReport } from '../../api/status-report.ts'
import { count } from '../../text/figures.ts'
import { sentence, tableLines, type View } from './layout.ts'
import { age, bySeverity, gapsCell, known, stateCell, unlessNone } from './words.ts'

const HEADINGS = ['PARTITION', 'OF', 'STATE', 'FOR', 'LAG', 'OLDEST', 'GAPS (RECORDS)', 'RETRIES']

interface Located {
  /** A flow, or a connector where there are no flows. */
  readonly owner: string
  readonly partition: PartitionReport
}

/** Partitions that need attention first, then those that lag most; others are not worth a line. */
export function partitionLines(report: StatusReport, limit: number, view: View): string[] {
  const owners = ownersOf(report)
  const located = owners.flatMap(({ name, partitions }): Located[] =>
    partitions.shown.map(partition => ({ owner: name, partition })),
  )
  const worth = located.filter(({ partition }) => partition.severity !== 'ok' || (partition.lagRecords ?? 0) > 0)
  worth.sort(({ partition: a }, { partition: b }) => bySeverity(a, b) || (b.lagRecords ?? 0) - (a.lagRecords ?? 0))
  const shown = worth.slice(0, limit)
  const rows = shown.map(({ owner, partition }) => ({
    cells: [
      partition.name,
      owners.length > 1 ? owner : '',
      stateCell(partition.state, partition.severity),
      age(report.atMs - partition.sinceMs),
      known(partition.lagRecords),
      age(partition.oldestAgeMs),
      gapsCell(partition),
      unlessNone(partition.retries),
    ],
    tail: partition.cause,
  }))
  const lines = tableLines({ headings: HEADINGS, texts: 3, rows }, view)
  if (lines.length === 0) return []
  const hidden = worth.length - shown.length
  const omitted = owners.reduce((sum, { partitions }) => sum + partitions.omitted, 0)
  if (hidden > 0) return [...lines, sentence(`and ${count(hidden, 'more partition')} (--partitions ${worth.length})`, view)]
  const mayBeMore = omitted > 0 && worth.length === located.length
  return mayBeMore ? [...lines, sentence(`${count(omitted, 'partition')} that lag less are not in the report`, view)] : lines
}

function ownersOf({
  flows,
  connectors,
}: StatusReport): readonly Pick<Required<StatusReport['flows'][number]>, 'name' | 'partitions'>[] {
  return [...flows, ...connectors.flatMap(({ name, partitions }) => (partitions === undefined ? [] : [{ name, partitions }]))]
}
