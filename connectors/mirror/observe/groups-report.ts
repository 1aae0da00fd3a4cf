import type { GroupPosition, GroupReport, GroupsReport } from '../../../framework/api/index.ts'
import { FirstOf, rankOf } from '../../../framework/runtime/status-report/index.ts'
import type { FlowObservations, ObservedGroup, ObservedOffset, TranslatedCounts } from './flow-observations.ts'

const SHOWN = 100
const SHOWN_POSITIONS = 20

interface Counted extends TranslatedCounts {
  readonly group: ObservedGroup
}

/** Groups of the source and where they would go on at the target; undefined = no checkpoints are made here. */
export function groupsReport(observations: FlowObservations): GroupsReport | undefined {
  const groups = observations.groups()
  if (groups === undefined) return undefined
  const first = new FirstOf<Counted>(SHOWN, byAttention)
  const sum = { exact: 0, low: 0, none: 0 }
  let count = 0
  for (const group of groups) {
    const counts = group.counts()
    count++
    sum.exact += counts.exact
    sum.low += counts.low
    sum.none += counts.none
    first.add({ ...counts, group })
  }
  const shown = first.list().map(groupReport)
  const sync = observations.sync()
  return { count, ...sum, ...(sync !== undefined && { sync }), shown, omitted: count - shown.length }
}

function groupReport({ group, exact, low, none }: Counted): GroupReport {
  const { name, cause } = group
  const positions = new FirstOf<ObservedOffset>(SHOWN_POSITIONS, byExactness)
  for (const offset of group.offsets()) positions.add(offset)
  return {
    name,
    severity: severityOf(group),
    exact,
    low,
    none,
    ...(cause !== undefined && { cause }),
    positions: positions.list().map(position),
  }
}

function position({ topic, partition, sourceOffset, targetOffset, exactness }: ObservedOffset): GroupPosition {
  return {
    name: `${topic}-${partition}`,
    sourceOffset,
    ...(exactness !== null && targetOffset >= 0 && { targetOffset, exactness }),
  }
}

function severityOf({ cause }: ObservedGroup): 'ok' | 'warning' {
  return cause === undefined ? 'ok' : 'warning'
}

function byAttention(a: Counted, b: Counted): number {
  return (
    rankOf(severityOf(a.group)) - rankOf(severityOf(b.group)) ||
    Number(b.none > 0) - Number(a.none > 0) ||
    Number(b.low > 0) - Number(a.low > 0) ||
    compare(a.group.name, b.group.name)
  )
}

const RANKS = { none: 0, low: 1, exact: 2 } as const

function byExactness(a: ObservedOffset, b: ObservedOffset): number {
  return RANKS[a.exactness ?? 'none'] - RANKS[b.exactness ?? 'none'] || compare(a.topic, b.topic) || a.partition - b.partition
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
