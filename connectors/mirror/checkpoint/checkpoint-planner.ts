import type { SourceRecord } from '../../../framework/api/index.ts'
import { checkpointFormat } from '../formats/index.ts'
import type { FlowTranslation } from '../translation/flow-translation.ts'
import { nextCheckpoint } from './next-checkpoint.ts'
import type { Emitted, TrackedGroup, TrackedPartition } from './tracked-group.ts'

/** One checkpoint on its way. */
export interface PlannedCheckpoint {
  readonly group: TrackedGroup
  readonly partition: TrackedPartition
}

/**
 * Translates again what is not settled, and says which checkpoints that makes; they count as pending from then on.
 * A partition settles with an exact translation, until its group commits again.
 */
export function planCheckpoints(groups: Iterable<TrackedGroup>, translation: FlowTranslation): PlannedCheckpoint[] {
  const planned: PlannedCheckpoint[] = []
  for (const group of groups) {
    for (const partition of group.partitions) {
      if (partition.isSettled || partition.pending !== null) continue
      const translated = translation.translate(partition.topic, partition.partition, partition.offset)
      if (translated === null) continue
      partition.isSettled = translated.exactness === 'exact'
      const next = nextCheckpoint(partition.checkpoint, partition.offset, translated)
      if (next === null) continue
      partition.isRewound ||= isBefore(next, partition.checkpoint)
      partition.pending = next
      planned.push({ group, partition })
    }
  }
  return planned
}

export function isBefore(next: Emitted, previous: Emitted | null): boolean {
  return previous !== null && next.downstreamOffset < previous.downstreamOffset
}

/** The record of a pending checkpoint. */
export function checkpointRecord({ group, partition }: PlannedCheckpoint, topic: string, timestamp: number): SourceRecord {
  const { upstreamOffset, downstreamOffset } = partition.pending ?? { upstreamOffset: -1, downstreamOffset: -1 }
  const { key, value } = checkpointFormat.encode({
    group: group.name,
    topic: partition.remoteTopic,
    partition: partition.partition,
    upstreamOffset,
    downstreamOffset,
    metadata: partition.metadata,
  })
  return { topic, partition: 0, key, value, headers: [], timestamp }
}
