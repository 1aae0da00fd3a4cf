import type { TextStyle } from '../../../framework/api/command.ts'
import { columns } from '../../../framework/text/columns.ts'
import { count } from '../../../framework/text/figures.ts'
import type { Applied } from './apply-plan.ts'
import type { Check } from './check.ts'
import type { MovePlan } from './move-plan.ts'
import { planRows } from './position-rows.ts'
import { recordsOf } from './start-plan.ts'

type Style = (style: TextStyle, text: string) => string

const OUTCOMES: Readonly<Record<Check['outcome'], readonly [TextStyle, string]>> = {
  ok: ['green', 'OK'],
  note: ['cyan', 'note'],
  refused: ['red', 'REFUSED'],
  forced: ['yellow', 'forced'],
}
const OUTCOME_WIDTH = 7

/** A plan for people: what speaks for and against it, and each offset. */
export function planLines(plan: MovePlan, style: Style): string[] {
  return [
    ...plan.checks.map(check => checkLine(check, style)),
    ...neverCopiedLines(plan),
    ...startLines(plan),
    ...groupLines(plan),
  ]
}

function checkLine({ outcome, message }: Check, style: Style): string {
  const [colour, label] = OUTCOMES[outcome]
  return `${style(colour, label.padEnd(OUTCOME_WIDTH))}  ${message}`
}

function neverCopiedLines({ source, target, starts }: MovePlan): string[] {
  const rows = starts.flatMap(({ topic, partition, neverCopied }) =>
    neverCopied === null
      ? []
      : [[`${topic}-${partition}`, `${neverCopied.from} to ${neverCopied.to - 1}`, `${recordsOf([neverCopied])}`]],
  )
  return rows.length === 0 ? [] : ['', ...columns([[`NEVER COPIED FROM ${target} TO ${source}`, 'OFFSETS', 'RECORDS'], ...rows])]
}

function startLines({ source, target, starts }: MovePlan): string[] {
  const rows = starts
    .filter(({ action }) => action === 'set')
    .map(({ topic, partition, stored, start }) => [`${topic}-${partition}`, `${stored + 1}`, `${start + 1}`])
  return rows.length === 0 ? [] : ['', ...columns([[`START OF ${source}->${target}`, 'NOW', 'TO BE'], ...rows])]
}

function groupLines({ groups, target }: MovePlan): string[] {
  return groups.length === 0 ? [] : ['', ...columns(planRows(groups, target))]
}

/** How it ended, in one line. */
export function endingLine(plan: MovePlan, applied: Applied | null): string {
  if (plan.isRefused) return 'Nothing was changed.'
  const { target, waiting } = plan
  const left = waiting.length === 0 ? '' : `; ${count(waiting.length, 'group')} not yet`
  if (applied === null) {
    const { starts, groups } = toSet(plan)
    if (starts + groups === 0) return `Nothing to set${left}.`
    return `Nothing was changed; --apply sets ${what(starts, groups, target)}${left}.`
  }
  const { starts, groups, failed } = applied
  const done = starts + groups.length === 0 ? 'Nothing was set' : `Set: ${what(starts, groups.length, target)}`
  return failed === null
    ? `${done}${left}.`
    : `${done}; group ${failed.group} was refused: ${failed.error.message}. Run this again.`
}

function toSet({ starts, groups }: MovePlan): { readonly starts: number; readonly groups: number } {
  return {
    starts: starts.filter(({ action }) => action === 'set').length,
    groups: groups.filter(({ positions }) => positions.some(({ action }) => action === 'set')).length,
  }
}

function what(starts: number, groups: number, target: string): string {
  const parts = [
    ...(starts === 0 ? [] : [`the start of ${count(starts, 'partition')}`]),
    ...(groups === 0 ? [] : [`offsets of ${count(groups, 'group')} on ${target}`]),
  ]
  return parts.join(' and ')
}
