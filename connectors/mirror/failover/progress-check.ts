import { count } from '../../../framework/text/figures.ts'
import { type Check, listed, note, ok, unlessForced } from './check.ts'
import { recordsBehind, type Situation } from './situation.ts'

const NAME = 'flow-caught-up'

/** For a failover: whether the target has all that the source has. */
export function caughtUp(situation: Situation, force: boolean): Check {
  const { source, target, sourceError } = situation
  if (sourceError !== null) {
    return note(NAME, `what ${source} had and ${target} never got cannot be seen; failback lists it once ${source} is back`)
  }
  const { records, which } = behind(situation)
  if (records === 0) return ok(NAME, `${target} has every record of ${source}`)
  const remedy = `stop the producers on ${source}, let ${source}->${target} run until it has caught up, and run this again`
  return unlessForced(force, NAME, `up to ${count(records, 'record')} of ${source} are not on ${target} yet: ${which}; ${remedy}`)
}

/** For a failback: what is still to be copied to the cluster that groups return to. */
export function stillToCopy(situation: Situation): Check {
  const { source, target } = situation
  const { records, which } = behind(situation)
  if (records === 0) return ok(NAME, `${target} has every record of ${source}`)
  return note(NAME, `up to ${count(records, 'record')} of ${source} are not on ${target} yet: ${which}`)
}

function behind({ progress }: Situation): { readonly records: number; readonly which: string } {
  const late = progress.filter(partition => recordsBehind(partition) > 0)
  return {
    records: late.reduce((sum, partition) => sum + recordsBehind(partition), 0),
    which: listed(late.map(each => `${each.topic}-${each.partition} (${recordsBehind(each)})`)),
  }
}

/** How the positions of the groups are known. */
export function sourceReached({ source, target, sourceError }: Situation): Check {
  const name = 'source-reachable'
  if (sourceError === null) return ok(name, `${source} answers: groups go on from what they have committed there`)
  return note(
    name,
    `${source} cannot be read (${sourceError}): groups go on from their last checkpoints on ${target}; what they read after these is read again`,
  )
}
