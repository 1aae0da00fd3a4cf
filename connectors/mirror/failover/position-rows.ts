import type { PlannedGroup } from './planned-group.ts'
import type { GroupPosition, GroupSituation } from './situation.ts'

/** Records that a group has not read on the source; null = not known. */
export const lagOf = ({ sourceEnd, offset }: GroupPosition): number | null =>
  sourceEnd === null ? null : Math.max(0, sourceEnd - offset)

/** Where groups stand and would go on, for `columns`. */
export function offsetRows(groups: readonly GroupSituation[], target: string): string[][] {
  const rows = groups.flatMap(({ group, positions }) => positions.map(position => [group, ...cellsOf(position)]))
  return [headingOf(target), ...rows]
}

/** The same, and what is done. */
export function planRows(groups: readonly PlannedGroup[], target: string): string[][] {
  const rows = groups.flatMap(({ group, positions }) =>
    positions.map(position => {
      const { action, trouble } = position
      return [group, ...cellsOf(position), trouble === undefined ? ACTIONS[action] : `${ACTIONS[action]} (${trouble})`]
    }),
  )
  return [[...headingOf(target), 'ACTION'], ...rows]
}

const ACTIONS = { set: 'set', there: 'there already', wait: 'not yet', leave: 'left out' } as const

const headingOf = (target: string): string[] => [
  'GROUP',
  'PARTITION',
  'OFFSET',
  'LAG',
  `ON ${target}`,
  'OFFSET',
  'EXACTNESS',
  'NOW',
]

function cellsOf(position: GroupPosition): string[] {
  const { topic, partition, offset, targetTopic, translation, committed } = position
  return [
    `${topic}-${partition}`,
    `${offset}`,
    numberOr(lagOf(position)),
    `${targetTopic}-${partition}`,
    numberOr(translation?.offset ?? null),
    translation?.exactness ?? 'unknown',
    numberOr(committed),
  ]
}

const numberOr = (value: number | null): string => (value === null ? '-' : `${value}`)
