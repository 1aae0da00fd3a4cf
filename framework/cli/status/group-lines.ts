import type { FlowReport, GroupsReport } from '../../api/status-report.ts'
import { grouped } from '../../text/figures.ts'
import { limited, type Row, sentence, tableLines, type View } from './layout.ts'
import { ago, bySeverity, errorText } from './words.ts'

const HEADINGS = ['GROUPS OF', 'GROUPS', 'EXACT', 'LOW', 'NONE', 'SET', 'REFUSED']
const SHOWN_GROUPS = 5

/** A row per flow that translates offsets of groups; then groups that could not be set at the target. */
export function groupLines(flows: readonly FlowReport[], nowMs: number, view: View): string[] {
  const rows = flows.flatMap(({ name, groups }) => (groups === undefined ? [] : [rowOf(name, groups, nowMs)]))
  const refused = flows.flatMap(({ name, groups }) => troubled(name, groups, flows.length > 1))
  return [
    ...tableLines({ headings: HEADINGS, texts: 1, rows }, view),
    ...limited(
      refused.map(text => sentence(text, view)),
      SHOWN_GROUPS,
      view,
    ),
  ]
}

function rowOf(flow: string, { count, exact, low, none, sync }: GroupsReport, nowMs: number): Row {
  const syncCells =
    sync === undefined ? [] : [sync.lastMs === undefined ? 'never' : ago(sync.lastMs, nowMs), grouped(sync.refused)]
  return {
    cells: [flow, ...[count, exact, low, none].map(grouped), ...syncCells],
    below: sync?.error === undefined ? [] : [errorText(sync.error)],
  }
}

function troubled(flow: string, groups: GroupsReport | undefined, namesFlow: boolean): string[] {
  const shown = (groups?.shown ?? []).filter(({ severity, cause }) => severity !== 'ok' && cause !== undefined)
  return [...shown].sort(bySeverity).map(({ name, cause }) => `${namesFlow ? `${flow} ` : ''}${name}: ${cause}`)
}
