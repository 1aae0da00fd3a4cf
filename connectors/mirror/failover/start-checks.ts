import { count } from '../../../framework/text/figures.ts'
import { type Check, listed, note, ok, refused, unlessForced } from './check.ts'
import { type PlannedStart, recordsOf } from './start-plan.ts'
import type { OffsetRange } from './target-gaps.ts'

/** Whether somebody is in the group of a flow, and what that means. */
export interface FlowActivity {
  /** `A->B`. */
  readonly name: string
  /** Its group, and the cluster that this is on. */
  readonly group: string
  readonly cluster: string
  /** `copying` = as the file has it; `unknown` = the file does not let it copy: heartbeats, or a process with an older file. */
  readonly activity: 'none' | 'copying' | 'unknown'
  /** With this file, somebody in the group may be there for heartbeats alone. */
  readonly beats: boolean
}

/** What the flows are doing, before the start of the flow back is set. */
export function flowsStopped(there: FlowActivity, back: FlowActivity, starts: readonly PlannedStart[]): Check[] {
  const sets = starts.some(({ action }) => action === 'set')
  return [stopped(there, true), ...(sets ? [stopped(back, true)] : [])]
}

function stopped({ name, group, cluster, activity, beats }: FlowActivity, mustStop: boolean): Check {
  const check = `stopped ${name}`
  if (activity === 'none') return ok(check, `nobody copies ${name}`)
  const where = `group ${group} on ${cluster}`
  if (activity === 'unknown' && beats) {
    return note(
      check,
      `a process is in ${where}; this file lets it write heartbeats only: make sure that none with an older file copies ${name}`,
    )
  }
  const message = `a process is in ${where}, so ${name} is being copied: stop the mirror, and run this again (one that was killed leaves after its session.timeout.ms)`
  return mustStop ? refused(check, message) : note(check, message)
}

/**
 * What is at home and would not come back, and what would come back twice.
 * @param home where the records came from, `away` where the groups are now
 */
export function startChecks(home: string, away: string, starts: readonly PlannedStart[], force: boolean): Check[] {
  const back = `${away}->${home}`
  return [
    neverCopied(home, away, starts, force),
    untraced(home, away, starts, force),
    among(home, away, starts, force),
    stillThere(home, away, starts, force),
    ...countedAsCopies(home, away, starts),
    startsCheck(back, home, starts),
  ]
}

function neverCopied(home: string, away: string, starts: readonly PlannedStart[], force: boolean): Check {
  const name = 'never-copied'
  const found = starts.filter(each => each.neverCopied !== null)
  if (found.length === 0) return ok(name, `${away} got every record that ${home} had`)
  const records = recordsOf(found.map(each => each.neverCopied))
  const which = listed(found.map(each => `${each.topic}-${each.partition} ${offsets(each.neverCopied)}`))
  const message = `up to ${count(records, 'record')} that ${home} had never got to ${away}: ${which}. They stay on ${home} before what is copied back, so groups that went on at ${away} do not read them there, and ${away} does not get them later; copy them by hand if they are needed, or go on with --force`
  return unlessForced(force, name, message)
}

function untraced(home: string, away: string, starts: readonly PlannedStart[], force: boolean): Check {
  const name = 'traced'
  const found = starts.filter(each => each.untraced !== null)
  if (found.length === 0) return ok(name, `it is known which records on ${away} came from ${home}`)
  const which = listed(found.map(each => `${each.topic}-${each.partition} ${offsets(each.untraced)}`))
  const message = `records of ${home} were copied, but the offset map does not tell where they are on ${away} (another program copied them, or the map was deleted): ${which}. With --force those behind the last known one are copied back to ${home}, where they are twice then`
  return unlessForced(force, name, message)
}

function among(home: string, away: string, starts: readonly PlannedStart[], force: boolean): Check {
  const name = 'in-order'
  const found = starts.filter(each => each.among.length > 0)
  if (found.length === 0) return ok(name, `nothing was written on ${away} between records that came from ${home}`)
  const records = recordsOf(found.flatMap(each => each.among))
  const which = listed(found.flatMap(each => each.among.map(range => `${each.topic}-${each.partition} ${offsets(range)}`)))
  const message = `up to ${count(records, 'record')} were written on ${away} between records that came from ${home}: ${which}. With --force ${away}->${home} starts before them, so that none is lost, and what came from ${home} after them is copied back, where it is twice then`
  return unlessForced(force, name, message)
}

function stillThere(home: string, away: string, starts: readonly PlannedStart[], force: boolean): Check {
  const name = 'still-there'
  const found = starts.filter(each => each.lost !== null)
  if (found.length === 0) return ok(name, `${home} still has what came from there`)
  const records = recordsOf(found.map(each => each.lost))
  const which = listed(found.map(each => `${each.topic}-${each.partition} ${offsets(each.lost)}`))
  const message = `${home} has lost up to ${count(records, 'record')} that ${away} has: ${which}. They are not copied back; copy them by hand, or go on without them with --force`
  return unlessForced(force, name, message)
}

function countedAsCopies(home: string, away: string, starts: readonly PlannedStart[]): Check[] {
  const found = starts.filter(({ before }) => before > 0)
  if (found.length === 0) return []
  const which = listed(found.map(each => `${each.topic}-${each.partition} (${each.before})`))
  return [
    note(
      'counted-as-copies',
      `what lies on ${away} before the first record known to come from ${home} counts as copied from there, and is not copied back: ${which}`,
    ),
  ]
}

function startsCheck(back: string, home: string, starts: readonly PlannedStart[]): Check {
  const name = 'start'
  const set = starts.filter(({ action }) => action === 'set').length
  if (set === 0) return ok(name, `${back} starts after the last record that came from ${home}`)
  return ok(name, `${back} is to start after the last record that came from ${home}, in ${count(set, 'partition')}`)
}

const offsets = (range: OffsetRange | null): string => (range === null ? '' : `${range.from} to ${range.to - 1}`)
