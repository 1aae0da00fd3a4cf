import type { SyncSlots } from '../offset-syncs/sync-slots.ts'
import type { OffsetMap, Translation } from './offset-map.ts'

/** What is known of one partition; null = nothing. */
export interface PartitionKnowledge {
  /** The map that the mirror itself wrote. */
  readonly map: OffsetMap | null
  /** Runs that offset syncs prove. */
  readonly proven: OffsetMap | null
  /** Offset syncs as MirrorMaker 2 keeps them. */
  readonly slots: SyncSlots | null
}

/**
 * Translates a committed source offset, that of the next record to read. `exact` = going on there neither skips nor repeats a record;
 * `low` = it skips nothing. Null = nothing at or before it is known. Never high: what contradicts offset syncs, as a map does that was not
 * written on while another mirror copied or that belongs to an older target, does not count. Where records are copied again, a map has their first
 * copies for up to a second after syncs tell of the later ones.
 */
export function translateOffset({ map, proven, slots }: PartitionKnowledge, source: number): Translation | null {
  const proved = proven?.translate(source) ?? null
  const atLeast = Math.max(proved?.offset ?? -1, slots?.translate(source) ?? -1)
  const mapped = map?.translate(source) ?? null
  const isTooHigh = mapped !== null && isPast(mapped.offset, source, slots)
  if (mapped?.exactness === 'exact' && !isTooHigh && mapped.offset >= atLeast) return mapped
  if (proved?.exactness === 'exact' && proved.offset >= atLeast && !isPast(proved.offset, source, slots)) return proved
  const low = Math.max(isTooHigh ? -1 : (mapped?.offset ?? -1), atLeast)
  return low < 0 ? null : { offset: low, exactness: 'low' }
}

/** Whether the newest sync lies before it at the target, although not at the source. */
function isPast(offset: number, source: number, slots: SyncSlots | null): boolean {
  if (slots === null) return false
  const { upstreamOffset, downstreamOffset } = slots.newest
  return source <= upstreamOffset && offset > downstreamOffset
}
