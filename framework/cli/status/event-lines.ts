import type { ErrorReport, StatusEvent, StatusReport } from '../../api/status-report.ts'
import { duration, grouped } from '../../text/figures.ts'
import { cut } from '../../text/width.ts'
import { type Row, tableLines, type View } from './layout.ts'
import { ago, clock, errorText, severityStyle } from './words.ts'

const HEADINGS = ['EVENT', 'AT', 'OF', 'TIMES']

/** What happened lately, the latest first. */
export function eventLines({ events, atMs }: StatusReport, limit: number, view: View): string[] {
  return tableLines({ headings: HEADINGS, texts: 3, rows: events.slice(0, limit).map(event => rowOf(event, atMs)) }, view)
}

function rowOf({ kind, severity, firstMs, lastMs, count, code, message, ...at }: StatusEvent, nowMs: number): Row {
  const style = severityStyle(severity)
  const where = [at.flow ?? at.connector, at.partition].filter(text => text !== undefined).join(' ')
  const times = count === 1 ? '' : `${grouped(count)} in ${duration(lastMs - firstMs)}`
  return {
    cells: [style === undefined ? kind : { text: kind, style }, clock(lastMs, nowMs), where, times],
    tail: code === undefined || message.startsWith(code) ? message : errorText({ code, message }),
  }
}

interface LocatedError {
  readonly owner: string
  readonly error: ErrorReport
}

/** The latest error of all that went wrong, over or not. */
export function lastErrorLines(report: StatusReport, view: View): string[] {
  const last = errorsOf(report).reduce<LocatedError | undefined>(
    (latest, each) => (latest === undefined || each.error.atMs > latest.error.atMs ? each : latest),
    undefined,
  )
  if (last === undefined) return []
  const { owner, error } = last
  const when = `${clock(error.atMs, report.atMs)}, ${ago(error.atMs, report.atMs)}`
  return [view.style('dim', 'LAST ERROR'), cut(`${when}  ${owner}  ${errorText(error)}`, view.columns)]
}

function errorsOf({ flows, connectors }: StatusReport): LocatedError[] {
  const found: readonly { readonly owner: string; readonly error: ErrorReport | undefined }[] = [
    ...flows.flatMap(({ name, lastError, groups }) => [
      { owner: name, error: lastError },
      { owner: name, error: groups?.sync?.error },
    ]),
    ...connectors.flatMap(({ name, flow, error, tasks }) => [
      { owner: flow ?? name, error },
      ...tasks.map(task => ({ owner: flow ?? task.id, error: task.error })),
    ]),
  ]
  return found.flatMap(({ owner, error }) => (error === undefined ? [] : [{ owner, error }]))
}
