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
 * `low` = it skips nothing. Null = nothing at or before it is known. Never high: what contradicts the newest offset sync, as a map does
 * that was not written on while another mirror copied or that belongs to an older target, does not count.
 */
export function translateOffset({ map, proven, slots }: PartitionKnowledge, source: number): Translation | null {
  const mapped = map?.translate(source) ?? null
  const isCredible = mapped === null || agrees(mapped.offset, source, slots)
  if (mapped?.exactness === 'exact' && isCredible === true) return mapped
  const usable = isCredible === 'too high' ? null : map
  const proved = proven?.translate(source) ?? null
  if (proved?.exactness === 'exact' && agrees(proved.offset, source, slots) === true) return proved
  const low = Math.max(usable?.translate(source)?.offset ?? -1, slots?.translate(source) ?? -1)
  return low < 0 ? null : { offset: low, exactness: 'low' }
}

/** Whether the newest sync allows for this translation. */
function agrees(offset: number, source: number, slots: SyncSlots | null): true | 'too low' | 'too high' {
  if (slots === null) return true
  const { upstreamOffset, downstreamOffset } = slots.newest
  if (source > upstreamOffset) return offset > downstreamOffset ? true : 'too low'
  if (offset > downstreamOffset) return 'too high'
  return source < upstreamOffset || offset === downstreamOffset ? true : 'too low'
}
