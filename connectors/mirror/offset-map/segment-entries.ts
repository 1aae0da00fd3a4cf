import type { TopicLogEntry } from '../../../framework/kafka/topic-log.ts'
import type { PartitionRuns } from './partition-runs.ts'
import type { RunChanges } from './run-list.ts'
import { encodeSegment, encodeSegmentKey } from './segment-format.ts'

/**
 * Changes of a partition's map as records, in an order in which any part of them leaves a map without gaps behind: deletions first, so that
 * what was cut off is never taken for what follows.
 * @param topic name on the source
 */
export function segmentEntries(topic: string, partition: number, runs: PartitionRuns, changes: RunChanges): TopicLogEntry[] {
  const { topicId } = runs
  const keyOf = (segment: number): Buffer => encodeSegmentKey({ topic, partition, segment })
  return [
    ...changes.removed.map(number => ({ key: keyOf(number), value: null })),
    ...changes.segments.map(segment => ({
      key: keyOf(segment.number),
      value: encodeSegment({ runs: segment, topicId, coveredEnd: runs.coveredEndOf(segment) }),
    })),
  ]
}
