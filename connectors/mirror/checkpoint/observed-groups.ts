import type { ObservedGroup, ObservedOffset, TranslatedCounts } from '../observe/flow-observations.ts'
import type { TrackedGroup, TrackedPartition } from './tracked-group.ts'

/** Groups as metrics and status see them. */
export function* observedGroups(groups: Iterable<TrackedGroup>): Generator<ObservedGroup> {
  for (const group of groups) {
    yield {
      name: group.name,
      cause: group.refusal || group.ahead || undefined,
      counts: () => countsOf(group.partitions),
      offsets: () => group.partitions.map(observed),
    }
  }
}

function observed(tracked: TrackedPartition): ObservedOffset {
  const { remoteTopic, partition, latency, offset, goal, pending } = tracked
  return {
    topic: remoteTopic,
    partition,
    latency,
    exactness: exactnessOf(tracked),
    sourceOffset: offset,
    targetOffset: goal >= 0 ? goal : (pending?.downstreamOffset ?? -1),
  }
}

function countsOf(partitions: readonly TrackedPartition[]): TranslatedCounts {
  const counts = { exact: 0, low: 0, none: 0 }
  for (const partition of partitions) counts[exactnessOf(partition) ?? 'none']++
  return counts
}

function exactnessOf({ checkpoint, pending, isSettled }: TrackedPartition): 'exact' | 'low' | null {
  if (checkpoint === null && pending === null) return null
  return isSettled ? 'exact' : 'low'
}
