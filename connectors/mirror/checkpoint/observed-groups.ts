import type { ObservedGroup, ObservedOffset } from '../observe/flow-observations.ts'
import type { TrackedGroup, TrackedPartition } from './tracked-group.ts'

/** Groups as metrics see them. */
export function* observedGroups(groups: Iterable<TrackedGroup>): Generator<ObservedGroup> {
  for (const group of groups) yield { name: group.name, offsets: () => group.partitions.map(observed) }
}

function observed({ remoteTopic, partition, latency, isSettled, checkpoint, pending }: TrackedPartition): ObservedOffset {
  const isTranslated = checkpoint !== null || pending !== null
  return { topic: remoteTopic, partition, latency, exactness: isTranslated ? (isSettled ? 'exact' : 'low') : null }
}
