import type { ConnectorReport, StatusReport, TaskReport } from '../../api/status-report.ts'
import { grouped, megabytes } from '../../text/figures.ts'
import { type Row, tableLines, type View } from './layout.ts'
import { age, ago, errorText, known, stateCell, unlessNone } from './words.ts'

const CONNECTOR_HEADINGS = ['CONNECTOR', 'OF', 'KIND', 'STATE', 'FOR', 'RECORDS', 'MB', 'LAG', 'RESTARTS', 'AGAIN IN']
const TASK_HEADINGS = ['TASK', 'STATE', 'FOR', 'ACTIVE', 'STORED', 'WINDOW', 'RESTARTS', 'FAILED COMMITS', 'ERRORS', 'SKIPPED']

/** Of a mirror, connectors and tasks that do not run as they should; of a worker, all its connectors. With `all`, everything. */
export function connectorLines({ flows, connectors, atMs }: StatusReport, all: boolean, view: View): string[] {
  const isWorker = flows.length === 0
  const shown = connectors.filter(connector => all || isWorker || !isWell(connector))
  const tasks = connectors.flatMap(connector => connector.tasks).filter(task => all || !isWell(task))
  const lines = [
    tableLines({ headings: CONNECTOR_HEADINGS, texts: 4, rows: shown.map(each => connectorRow(each, atMs)) }, view),
    tableLines({ headings: TASK_HEADINGS, texts: 2, rows: tasks.map(each => taskRow(each, atMs)) }, view),
  ]
  return lines.filter(part => part.length > 0).flatMap((part, i) => (i === 0 ? part : ['', ...part]))
}

function isWell({ state, severity }: ConnectorReport | TaskReport): boolean {
  return state === 'RUNNING' && severity === 'ok'
}

function connectorRow(connector: ConnectorReport, nowMs: number): Row {
  const { name, flow, kind, state, severity, sinceMs, restarts, nextStartMs, error } = connector
  return {
    cells: [
      name,
      flow ?? '',
      kind,
      stateCell(state, severity),
      age(nowMs - sinceMs),
      grouped(connector.records),
      megabytes(connector.bytes),
      known(connector.lagRecords),
      unlessNone(restarts),
      nextStartMs === undefined ? '' : age(nextStartMs - nowMs),
    ],
    below: error === undefined ? [] : [errorText(error)],
  }
}

function taskRow(task: TaskReport, nowMs: number): Row {
  const { id, state, severity, sinceMs, restarts, windowUsedBytes, windowBytes, error } = task
  return {
    cells: [
      id,
      stateCell(state, severity),
      age(nowMs - sinceMs),
      ago(task.lastActivityMs, nowMs),
      ago(task.lastCommitMs, nowMs),
      windowBytes === 0 ? '-' : `${Math.round((100 * windowUsedBytes) / windowBytes)} %`,
      unlessNone(restarts),
      unlessNone(task.commitFailures),
      unlessNone(task.recordErrors),
      unlessNone(task.recordsSkipped),
    ],
    below: error === undefined ? [] : [errorText(error)],
  }
}
