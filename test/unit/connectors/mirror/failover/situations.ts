import type { FailbackSituation } from '../../../../../connectors/mirror/failover/move-plan.ts'
import type { GroupPosition, GroupSituation, Situation } from '../../../../../connectors/mirror/failover/situation.ts'

/** A position of `orders-0` at 50 of 100, exactly translated, copied to the end, not set on the target. */
export function position(changes: Partial<GroupPosition> = {}): GroupPosition {
  return {
    topic: 'orders',
    partition: 0,
    offset: 50,
    metadata: '',
    sourceEnd: 100,
    copiedEnd: 100,
    targetTopic: 'A.orders',
    translation: { offset: 50, exactness: 'exact' },
    committed: null,
    standsThere: false,
    targetEnd: 100,
    readAgainAtMost: 0,
    ...changes,
  }
}

/** A stopped group. */
export function group(name: string, positions: readonly GroupPosition[], changes: Partial<GroupSituation> = {}): GroupSituation {
  return { group: name, state: 'Empty', targetState: null, positions, ...changes }
}

export function situation(groups: readonly GroupSituation[], changes: Partial<Situation> = {}): Situation {
  return { source: 'A', target: 'B', sourceError: null, isEnabled: true, groups, progress: [], ...changes }
}

/** Nothing copies, no topic keeps its name. */
export function failback(groups: readonly GroupSituation[], changes: Partial<FailbackSituation> = {}): FailbackSituation {
  const flow = { activity: 'none', beats: false } as const
  return {
    ...situation(groups, { source: 'B', target: 'A' }),
    shared: [],
    keepsNames: false,
    there: { ...flow, name: 'A->B', group: 'A-mm2', cluster: 'B' },
    back: { ...flow, name: 'B->A', group: 'B-mm2', cluster: 'A' },
    ...changes,
  }
}
