import type { GroupPosition, GroupSituation } from './situation.ts'

/** `there` = stands there already; `wait` = its records are yet to be copied; `leave` = cannot be set. */
export type Action = 'set' | 'there' | 'wait' | 'leave'

export interface PlannedPosition extends GroupPosition {
  readonly action: Action
  /** What is wrong or odd with it; undefined = nothing. */
  readonly trouble?: 'untranslated' | 'no partition' | 'past the end' | 'newer on the target'
}

export interface PlannedGroup extends Omit<GroupSituation, 'positions'> {
  readonly positions: readonly PlannedPosition[]
}

/**
 * What is to be done for a group, partition by partition. A group waits as a whole.
 * @param mayWait the flow will copy on: what it has not copied is waited for
 */
export function planGroup(group: GroupSituation, mayWait: boolean): PlannedGroup {
  const positions = group.positions.map(position => planPosition(position, mayWait))
  const isWaiting = positions.some(({ action }) => action === 'wait')
  return {
    ...group,
    positions: isWaiting ? positions.map(each => (each.action === 'set' ? { ...each, action: 'wait' } : each)) : positions,
  }
}

export const isWaiting = ({ positions }: PlannedGroup): boolean => positions.some(({ action }) => action === 'wait')

/** The flow has not copied yet what the group has read. */
export function isBehind({ translation, targetEnd, copiedEnd, offset }: GroupPosition): boolean {
  if (copiedEnd === null) return false
  return targetEnd === null || (offset > copiedEnd && translation?.exactness !== 'exact')
}

function planPosition(position: GroupPosition, mayWait: boolean): PlannedPosition {
  const { translation, committed, targetEnd } = position
  if (mayWait && isBehind(position)) return { ...position, action: 'wait' }
  if (targetEnd === null) return { ...position, action: 'leave', trouble: 'no partition' }
  if (translation === null) return { ...position, action: 'leave', trouble: 'untranslated' }
  if (translation.offset > targetEnd) return { ...position, action: 'leave', trouble: 'past the end' }
  if (position.standsThere) return { ...position, action: 'there' }
  const isNewer = committed !== null && committed > translation.offset
  return { ...position, action: 'set', ...(isNewer ? { trouble: 'newer on the target' } : {}) }
}
