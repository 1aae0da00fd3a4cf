import type { SyncSlots } from '../offset-syncs/sync-slots.ts'
import type { Translation } from './offset-map.ts'
import type { PartitionKnowledge } from './offset-translator.ts'

/** Who writes to the log of a copy: mirrors of one flow alone, or others as well, as under a policy that keeps names. */
export type CopyLog = 'copies only' | 'shared'

/**
 * Translates an offset committed on the copy, that of the next record to read there, back to the source. `exact` = going on there neither
 * skips nor repeats a record; `low` = it skips nothing that the consumer would still have read on the target. Null = nothing at or
 * before it is known. Never high: what contradicts the newest offset sync does not count.
 * @param log `shared`: the runs that syncs prove do not count, since records of others that make up for a hole are not seen in them
 */
export function translateBackOffset(
  { map, proven, slots }: PartitionKnowledge,
  target: number,
  log: CopyLog = 'shared',
): Translation | null {
  const found = [map, log === 'shared' ? null : proven]
    .map(known => known?.translateBack(target) ?? null)
    .filter(translation => translation !== null)
    .map(translation => ({ ...translation, verdict: judge(translation.offset, target, slots) }))
  const exact = found.find(({ exactness, verdict }) => exactness === 'exact' && verdict === 'agrees')
  if (exact !== undefined) return { offset: exact.offset, exactness: 'exact' }
  const lows = found.filter(({ verdict }) => verdict !== 'too high').map(({ offset }) => offset)
  const low = Math.max(-1, afterNewestSync(target, slots), ...lows)
  return low < 0 ? null : { offset: low, exactness: 'low' }
}

/** Whoever has read the newest pair's record on the target goes on behind it at the source, and nobody else does. */
function judge(source: number, target: number, slots: SyncSlots | null): 'agrees' | 'too low' | 'too high' {
  if (slots === null) return 'agrees'
  const { upstreamOffset, downstreamOffset } = slots.newest
  if (target > downstreamOffset) return source > upstreamOffset ? 'agrees' : 'too low'
  return source <= upstreamOffset ? 'agrees' : 'too high'
}

/** -1 = all pairs lie behind it. */
function afterNewestSync(target: number, slots: SyncSlots | null): number {
  const newest = slots?.slots.find(({ downstreamOffset }) => downstreamOffset <= target)
  return newest === undefined ? -1 : newest.upstreamOffset + (target > newest.downstreamOffset ? 1 : 0)
}
