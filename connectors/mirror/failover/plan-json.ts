import type { Applied } from './apply-plan.ts'
import type { MovePlan } from './move-plan.ts'
import type { PlannedPosition } from './planned-group.ts'
import { lagOf } from './position-rows.ts'
import type { GroupPosition, Situation } from './situation.ts'
import { recordsOf } from './start-plan.ts'

export interface MoveCall {
  readonly command: 'failover' | 'failback'
  /** As on the command line. */
  readonly flow: string
  readonly mode: 'plan' | 'apply'
}

/** A plan and what became of it; the README of the connectors has the fields. */
export function planJson({ command, flow, mode }: MoveCall, plan: MovePlan, applied: Applied | null): object {
  return {
    command,
    flow,
    mode,
    status: statusOf(plan, applied),
    source: plan.source,
    target: plan.target,
    positions: plan.positionsFrom,
    checks: plan.checks,
    neverCopied: plan.starts.flatMap(({ topic, partition, neverCopied: range }) =>
      range === null
        ? []
        : [{ topic, partition, firstOffset: range.from, lastOffset: range.to - 1, records: recordsOf([range]) }],
    ),
    starts: plan.starts.map(({ topic, partition, stored, start, action }) => ({
      topic,
      partition,
      now: stored + 1,
      toBe: start + 1,
      action,
    })),
    groups: plan.groups.map(({ group, state, targetState, positions }) => ({
      group,
      sourceState: state,
      targetState,
      partitions: positions.map(position => ({ ...positionJson(position), ...actionJson(position) })),
    })),
    waiting: plan.waiting,
    failed: applied?.failed == null ? null : { group: applied.failed.group, message: applied.failed.error.message },
  }
}

/** Where groups stand and would go on. */
export function offsetsJson(flow: string, { source, target, sourceError, groups }: Situation): object {
  return {
    command: 'offsets',
    flow,
    source,
    target,
    positions: sourceError === null ? 'groups' : 'checkpoints',
    groups: groups.map(({ group, state, targetState, positions }) => ({
      group,
      sourceState: state,
      targetState,
      partitions: positions.map(positionJson),
    })),
  }
}

function statusOf({ isRefused, waiting }: MovePlan, applied: Applied | null): string {
  if (isRefused) return 'refused'
  if (applied === null) return 'planned'
  if (applied.failed !== null) return 'failed'
  return waiting.length > 0 ? 'waiting' : 'applied'
}

function positionJson(position: GroupPosition): object {
  const { topic, partition, offset, targetTopic, translation, committed, readAgainAtMost } = position
  return {
    topic,
    partition,
    offset,
    lag: lagOf(position),
    targetTopic,
    targetOffset: translation?.offset ?? null,
    exactness: translation?.exactness ?? 'unknown',
    readAgainAtMost,
    committed,
  }
}

const actionJson = ({ action, trouble }: PlannedPosition): object => ({ action, trouble: trouble ?? null })
