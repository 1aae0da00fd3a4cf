import type { TextStyle } from '../../api/command.ts'
import type { ErrorReport, Severity } from '../../api/status-report.ts'
import { duration, grouped } from '../../text/figures.ts'
import type { Cell } from './layout.ts'

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'ok']
const AT_WORK: readonly string[] = ['RUNNING', 'COPYING', 'CAUGHT_UP']

/** The worst first. */
export function bySeverity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
}

export function stateCell(state: string, severity: Severity): Cell {
  return { text: state, style: severityStyle(severity) ?? (AT_WORK.includes(state) ? 'green' : 'cyan') }
}

export function severityStyle(severity: Severity): TextStyle | undefined {
  if (severity === 'ok') return undefined
  return severity === 'error' ? 'red' : 'yellow'
}

/** `?` where it is not known. */
export function known(value: number | undefined): string {
  return value === undefined ? '?' : grouped(value)
}

/** Empty for none. */
export function unlessNone(value: number): string {
  return value === 0 ? '' : grouped(value)
}

export function age(ms: number | undefined): string {
  return ms === undefined ? '-' : duration(ms)
}

export function ago(atMs: number | undefined, nowMs: number): string {
  return atMs === undefined ? '-' : `${duration(nowMs - atMs)} ago`
}

/** `1 (30,000)`: how often, and how many records that cost. */
export function gapsCell({ gaps, gapRecords }: { readonly gaps: number; readonly gapRecords: number }): string {
  return gaps === 0 ? '' : `${grouped(gaps)} (${grouped(gapRecords)})`
}

export function errorText({ code, message }: Pick<ErrorReport, 'code' | 'message'>): string {
  return `${code}: ${message}`
}

/** UTC, as the log has it; with the date where it is not today's. */
export function clock(atMs: number, nowMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T')
  const seconds = `${time.slice(0, 8)}Z`
  return new Date(nowMs).toISOString().startsWith(date) ? seconds : `${date} ${seconds}`
}
