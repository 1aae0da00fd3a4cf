import { count } from '../../../framework/text/figures.ts'
import { type Check, isRefused, listed, note, refused } from './check.ts'
import { groupChecks } from './group-checks.ts'
import { isBehind, isWaiting, type PlannedGroup, planGroup } from './planned-group.ts'
import { caughtUp, sourceReached, stillToCopy } from './progress-check.ts'
import type { Situation } from './situation.ts'
import { type FlowActivity, flowsStopped, startChecks } from './start-checks.ts'
import { type PlannedStart, planStart, type SharedPartition } from './start-plan.ts'

/** What a failover or failback would do, and what speaks against it. */
export interface MovePlan {
  /** Of the flow by which groups go: `A->B`; for a failback of that `B->A`. */
  readonly source: string
  readonly target: string
  readonly positionsFrom: 'groups' | 'checkpoints'
  readonly checks: readonly Check[]
  readonly groups: readonly PlannedGroup[]
  /** Of the flow by which groups go, before they do. */
  readonly starts: readonly PlannedStart[]
  readonly isRefused: boolean
  /** Groups whose records are yet to be copied. */
  readonly waiting: readonly string[]
}

export interface FailbackSituation extends Situation {
  /** Copies that keep their names. Empty where none does, and while the flow back runs: its start is settled then. */
  readonly shared: readonly SharedPartition[]
  /** Whether there are topics whose copies keep their names. */
  readonly keepsNames: boolean
  /** The flow that brought the records here. */
  readonly there: FlowActivity
  readonly back: FlowActivity
}

/** Groups of the source go on at the target. */
export function planFailover(situation: Situation, force: boolean): MovePlan {
  const groups = situation.groups.map(group => planGroup(group, false))
  const checks = [
    sourceReached(situation),
    ...enabledNote(situation),
    caughtUp(situation, force),
    ...groupChecks(situation, groups, force),
    ...nothingToDo(situation),
  ]
  return planOf(situation, checks, groups, [])
}

/**
 * Groups of the source go on at the target, to which the flow is yet to copy what was produced on the source.
 * @param what `start`: no group is moved, only the flow's start is set
 */
export function planFailback(situation: FailbackSituation, force: boolean, what: 'all' | 'start' = 'all'): MovePlan {
  const { source: away, target: home, shared, keepsNames, there, back } = situation
  const starts = shared.map(planStart)
  const startAt = new Map(starts.map(each => [`${each.topic}-${each.partition}`, each.start + 1]))
  const settled: Situation = {
    ...situation,
    progress: situation.progress.map(each => withStart(each, startAt)),
    groups: situation.groups.map(group => ({ ...group, positions: group.positions.map(each => withStart(each, startAt)) })),
  }
  const groups = settled.groups.map(group => planGroup(group, true))
  const isSettled = keepsNames && back.activity === 'copying'
  const checks = [
    ...(isSettled ? [note('start', `${back.name} is being copied: where it started is left as it is`)] : []),
    ...(keepsNames && !isSettled ? flowsStopped(there, back, starts) : []),
    ...(keepsNames && !isSettled ? startChecks(home, away, starts, force) : []),
    ...(keepsNames || what === 'all' ? [] : [note('start', `no topic keeps its name: ${back.name} starts where it stopped`)]),
    ...(what === 'start' ? [] : [stillToCopy(settled), ...waitNote(settled, groups), ...groupChecks(settled, groups, force)]),
    ...(what === 'start' ? [] : nothingToDo(settled)),
  ]
  return planOf(settled, checks, groups, starts)
}

function planOf(
  { source, target, sourceError }: Situation,
  checks: readonly Check[],
  groups: readonly PlannedGroup[],
  starts: readonly PlannedStart[],
): MovePlan {
  const waiting = groups.filter(isWaiting).map(({ group }) => group)
  const positionsFrom = sourceError === null ? 'groups' : 'checkpoints'
  return { source, target, positionsFrom, checks, groups, starts, isRefused: isRefused(checks), waiting }
}

type Copied = { readonly topic: string; readonly partition: number; readonly copiedEnd: number | null }

/** What came from home counts as copied back. */
function withStart<P extends Copied>(place: P, startAt: ReadonlyMap<string, number>): P {
  const start = startAt.get(`${place.topic}-${place.partition}`)
  return start === undefined || place.copiedEnd === null ? place : { ...place, copiedEnd: Math.max(place.copiedEnd, start) }
}

function waitNote({ source, target, isEnabled }: Situation, groups: readonly PlannedGroup[]): Check[] {
  const waiting = groups.filter(isWaiting)
  if (waiting.length === 0) return []
  const how = isEnabled ? 'start the mirror' : `start the mirror with ${source}->${target}.enabled = true`
  const which = listed(
    waiting.map(({ group, positions }) => {
      const behind = positions.find(isBehind)
      return behind === undefined ? group : `${group} (${behind.topic}-${behind.partition})`
    }),
  )
  const what = count(waiting.length, 'group')
  return [
    note(
      'waiting',
      `${what} cannot be moved yet, as ${target} lacks records that they have read: ${which}; ${how}, wait until it has caught up, and run this again (or leave topics out with ${source}->${target}.topics)`,
    ),
  ]
}

function enabledNote({ source, target, isEnabled }: Situation): Check[] {
  return isEnabled ? [] : [note('enabled', `the file does not enable ${source}->${target}: only what it copied before counts`)]
}

function nothingToDo({ source, target, sourceError, groups }: Situation): Check[] {
  if (groups.length > 0) return []
  if (sourceError !== null) {
    return [
      refused('groups', `no group has a checkpoint on ${target}, so nothing is known of where the groups of ${source} stood`),
    ]
  }
  return [note('groups', `no group has offsets on ${source} in topics of ${source}->${target}`)]
}
