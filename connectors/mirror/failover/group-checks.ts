import { isIdle } from '../../../framework/kafka/admin/groups.ts'
import { count } from '../../../framework/text/figures.ts'
import { type Check, listed, note, ok, refused, unlessForced } from './check.ts'
import type { PlannedGroup, PlannedPosition } from './planned-group.ts'
import type { Situation } from './situation.ts'

interface Found {
  readonly group: string
  readonly position: PlannedPosition
}

/** What the groups themselves say for or against being moved. */
export function groupChecks(situation: Situation, groups: readonly PlannedGroup[], force: boolean): Check[] {
  const { target } = situation
  if (groups.length === 0) return []
  const all = groups.flatMap(({ group, positions }) => positions.map(position => ({ group, position })))
  const having = (trouble: PlannedPosition['trouble']): Found[] => all.filter(({ position }) => position.trouble === trouble)
  return [
    stoppedOnSource(situation, groups, force),
    emptyOnTarget(target, groups),
    notNewer(target, having('newer on the target'), force),
    translated(target, [...having('untranslated'), ...having('no partition')], force),
    withinLog(target, having('past the end'), force),
    exactness(target, all),
  ]
}

function stoppedOnSource({ source, sourceError }: Situation, groups: readonly PlannedGroup[], force: boolean): Check {
  const name = 'groups-stopped'
  if (sourceError !== null) return note(name, `whether groups still run on ${source} cannot be seen`)
  const running = groups.filter(({ state }) => state !== null && !isIdle(state))
  if (running.length === 0) return ok(name, `no consumer is in the groups on ${source}`)
  const which = listed(running.map(({ group, state }) => `${group} (${state})`))
  const message = `consumers still run on ${source} in ${which}: what they read from now on is read again on the other cluster; stop them, wait until they have left, and run this again`
  return unlessForced(force, name, message)
}

function emptyOnTarget(target: string, groups: readonly PlannedGroup[]): Check {
  const name = 'target-groups-empty'
  const active = groups.filter(({ targetState }) => targetState !== null && !isIdle(targetState))
  if (active.length === 0) return ok(name, `no consumer is in the groups on ${target}`)
  const which = listed(active.map(({ group, targetState }) => `${group} (${targetState})`))
  return refused(name, `consumers are in ${which} on ${target}, where the broker lets nobody else set offsets; stop them first`)
}

function notNewer(target: string, found: readonly Found[], force: boolean): Check {
  const name = 'target-offsets'
  if (found.length === 0) return ok(name, `no group is further on ${target} already`)
  const which = listed(
    found.map(
      ({ group, position: p }) => `${group} in ${p.targetTopic}-${p.partition} (${p.committed}, not ${p.translation?.offset})`,
    ),
  )
  const message = `already further on ${target}: ${which}. Somebody has consumed there: set back, these groups read records again; leave them out by naming the others with --group, or use --force`
  return unlessForced(force, name, message)
}

function translated(target: string, found: readonly Found[], force: boolean): Check {
  const name = 'translated'
  if (found.length === 0) return ok(name, `every offset is known on ${target}, or will be`)
  const which = listed(
    found.map(({ group, position: { topic, partition, offset, trouble } }) => {
      return `${group} at ${offset} in ${topic}-${partition}${trouble === 'no partition' ? ' (no such partition there)' : ''}`
    }),
  )
  const message = `not known on ${target}: ${which}. These records were never copied, or nothing is stored about it; with --force they are left out, and consumers begin there as their auto.offset.reset says`
  return unlessForced(force, name, message)
}

function withinLog(target: string, found: readonly Found[], force: boolean): Check {
  const name = 'within-log'
  if (found.length === 0) return ok(name, `every offset lies within its log on ${target}`)
  const which = listed(
    found.map(
      ({ group, position: p }) =>
        `${group} at ${p.translation?.offset} in ${p.targetTopic}-${p.partition}, which ends at ${p.targetEnd}`,
    ),
  )
  const message = `past the end of the log on ${target}: ${which}. ${target} has lost records; with --force they are left out: set them by hand`
  return unlessForced(force, name, message)
}

function exactness(target: string, all: readonly Found[]): Check {
  const name = 'exactness'
  const moved = all.filter(({ position: { action } }) => action === 'set' || action === 'there')
  const low = moved.filter(({ position }) => position.translation?.exactness === 'low')
  if (low.length === 0) return ok(name, 'every offset is exact: no record is read twice, none is skipped')
  const records = low.reduce((sum, { position }) => sum + position.readAgainAtMost, 0)
  const which = listed(low.map(({ group, position: p }) => `${group} in ${p.targetTopic}-${p.partition} (${p.readAgainAtMost})`))
  return note(name, `nothing is skipped, but up to ${count(records, 'record')} are read again on ${target}: ${which}`)
}
