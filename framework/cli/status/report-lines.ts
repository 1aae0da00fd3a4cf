import type { TextStyle } from '../../api/command.ts'
import type { ClusterReport, StatusReport } from '../../api/status-report.ts'
import { connectorLines } from './connector-lines.ts'
import { eventLines, lastErrorLines } from './event-lines.ts'
import { flowLines } from './flow-lines.ts'
import { groupLines } from './group-lines.ts'
import { limited, sentence, tableLines, type View, wrapped } from './layout.ts'
import { partitionLines } from './partition-lines.ts'
import { age, clock, stateCell } from './words.ts'

/** How much is shown. */
export interface Shown {
  readonly partitions: number
  readonly events: number
  /** Connectors and tasks that run as they should, too. */
  readonly all: boolean
}

const HEALTH_STYLES: Readonly<Record<StatusReport['health']['state'], TextStyle>> = {
  UP: 'green',
  DEGRADED: 'yellow',
  DOWN: 'red',
}
const SHOWN_REASONS = 10

/** A report for people: what is wrong first. Ages are those at the time of the report. */
export function reportLines(report: StatusReport, url: string, shown: Shown, view: View): string[] {
  const { flows, atMs } = report
  const sections = [
    headLines(report, url, view),
    clusterLines(report, view),
    flowLines(flows, atMs, view),
    partitionLines(report, shown.partitions, view),
    groupLines(flows, atMs, view),
    connectorLines(report, shown.all, view),
    lastErrorLines(report, view),
    eventLines(report, shown.events, view),
  ]
  return sections.filter(lines => lines.length > 0).flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))
}

function headLines({ health, program, startedMs, atMs }: StatusReport, url: string, view: View): string[] {
  const { state, reasons } = health
  const parts = [
    { text: state, style: HEALTH_STYLES[state] },
    program,
    url,
    `up ${age(atMs - startedMs)}`,
    `at ${clock(atMs, atMs)}`,
  ]
  const lines = reasons.map(reason => sentence(reason, view))
  return [...wrapped(parts, view), ...limited(lines, SHOWN_REASONS, view)]
}

/** Those that do not answer. */
function clusterLines({ clusters, atMs }: StatusReport, view: View): string[] {
  const rows = clusters
    .filter(({ severity }) => severity !== 'ok')
    .map(({ alias, severity, cause, sinceMs }: ClusterReport) => ({
      cells: [alias, stateCell('IN TROUBLE', severity), sinceMs === undefined ? '' : age(atMs - sinceMs)],
      tail: cause,
    }))
  return tableLines({ headings: ['CLUSTER', 'STATE', 'FOR'], texts: 2, rows }, view)
}
