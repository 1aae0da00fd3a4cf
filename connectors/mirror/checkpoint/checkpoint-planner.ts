import type { Translation } from '../offset-map/offset-map.ts'
import type { FlowTranslation } from '../translation/flow-translation.ts'
import { nextCheckpoint } from './next-checkpoint.ts'
import type { SettledMarks } from './settled-marks.ts'
import type { Emitted, TrackedGroup, TrackedPartition } from './tracked-group.ts'

/**
 * Translates again what is not settled, and says which checkpoints that makes; they count as pending from then on.
 * A partition settles with an exact translation that the map has, until its group commits again or its records are copied again.
 */
export function planCheckpoints(
  groups: Iterable<TrackedGroup>,
  translation: FlowTranslation,
  marks: SettledMarks,
): TrackedPartition[] {
  const planned: TrackedPartition[] = []
  const now = translation.now()
  const moved = marks.takeMoved(now)
  for (const group of groups) {
    if (moved !== null) group.reopen(moved)
    const { open } = group
    if (open.length === 0) continue
    group.open = []
    for (const partition of open) {
      if (partition.pending === null) {
        const translated = now.translate(partition.topic, partition.partition, partition.offset) ?? atWorst(partition)
        if (translated !== null) {
          partition.isSettled =
            translated.exactness === 'exact' && now.isMapped(partition.topic, partition.partition, partition.offset)
          if (partition.isSettled) marks.settled(now, partition, translated.offset)
          const next = nextCheckpoint(partition.checkpoint, partition.offset, translated)
          if (next !== null) {
            partition.isRewound ||= isBefore(next, partition.checkpoint)
            partition.pending = next
            planned.push(partition)
          }
        }
      }
      if (!partition.isSettled) group.open.push(partition)
    }
  }
  return planned
}

/** A group that went back to where nothing is known goes back to the first record of the copy: where it stood before would be too far. */
function atWorst({ checkpoint, offset }: TrackedPartition): Translation | null {
  return checkpoint !== null && offset < checkpoint.upstreamOffset ? { offset: 0, exactness: 'low' } : null
}

export function isBefore(next: Emitted, previous: Emitted | null): boolean {
  return previous !== null && next.downstreamOffset < previous.downstreamOffset
}
