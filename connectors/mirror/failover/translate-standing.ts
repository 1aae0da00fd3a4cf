import type { Translation } from '../offset-map/partition-runs.ts'
import type { FlowTranslation, TranslatedOffset } from '../translation/flow-translation.ts'
import type { ReadTranslation } from '../translation/read-translation.ts'
import type { StandingOffset } from './read-groups.ts'

type Translates = Pick<FlowTranslation, 'translate'>

/**
 * Where a group goes on: by what is stored about the copies, or where that knows less, by the group's last checkpoint.
 * A group that has read nothing goes on at the beginning.
 */
export function translateStanding(translation: Translates, standing: StandingOffset): Translation | null {
  const { topic, partition, offset, checkpointed = -1 } = standing
  const known = translation.translate(topic, partition, offset)
  if (known?.exactness === 'exact') return { offset: known.offset, exactness: 'exact' }
  if (checkpointed > (known?.offset ?? -1)) return { offset: checkpointed, exactness: 'low' }
  if (known !== null) return { offset: known.offset, exactness: 'low' }
  return offset === 0 ? { offset: 0, exactness: 'exact' } : null
}

/**
 * Whether what a group has committed on the target is where its translation goes: the same offset, or one that leads back to the same
 * place on the source, as offsets before and after the end of a transaction do.
 * @param home translates from the target to the source
 */
export function standsThere(
  home: Translates,
  { topic, partition, offset }: StandingOffset,
  translation: TranslatedOffset | null,
  committed: number | null,
): boolean {
  if (translation === null || committed === null) return false
  if (committed === translation.offset) return true
  const back = translation.exactness === 'exact' ? home.translate(translation.topic, partition, committed) : null
  return back !== null && back.exactness === 'exact' && back.topic === topic && back.offset === offset
}

/** Records read already that a low translation makes a group read again, at most. */
export function readAgainAtMost(
  { there }: Pick<ReadTranslation, 'there'>,
  { topic, partition, offset }: StandingOffset,
  translation: Translation | null,
  targetEnd: number | null,
): number {
  if (translation === null || translation.exactness === 'exact') return 0
  const known = there.map?.runsOf(topic, partition)?.knownAtOrBelow(offset)
  return known == null ? Math.max(0, (targetEnd ?? 0) - translation.offset) : offset - known.source
}
