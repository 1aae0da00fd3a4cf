import type { FetchedPartition } from '../protocol/fetch.ts'
import { dropBelow, makeCopyable, splitBatches } from '../record-batch/index.ts'
import type { FetchedBatch, FetchedRun } from './fetched.ts'
import type { ReadPartition } from './partition.ts'

const NONE: readonly FetchedBatch[] = []

/**
 * The batches of one partition's response that are to be delivered, and the partition's position moved past all it holds.
 * Null when it holds no whole batch. Throws `ConnectError` BATCH_CORRUPT; the position then stays before the damaged response.
 */
export const takeRun = (partition: ReadPartition, fetched: FetchedPartition): FetchedRun | null => {
  const all = splitBatches(fetched.records)
  const last = all[all.length - 1]
  if (last === undefined) return null
  const position = partition.offset
  const kept = partition.aborted.filter(fetched.aborted, all)
  const batches: FetchedBatch[] = []
  for (let batch of kept) {
    const { lastOffset, partitionLeaderEpoch } = batch
    if (lastOffset < position) continue
    if (batch.baseOffset < position) {
      const rest = dropBelow(batch, position)
      if (rest === null) continue
      batch = rest
    }
    const copyable = makeCopyable(batch)
    if (copyable === null) continue
    const { bytes, count, sourceOffsets } = copyable
    batches.push({ bytes, count, sourceOffsets, firstOffset: batch.baseOffset, lastOffset, leaderEpoch: partitionLeaderEpoch })
  }
  const nextOffset = last.lastOffset + 1
  if (nextOffset <= position) return null
  for (const batch of all) {
    if (batch.lastOffset >= position) partition.advance(batch.lastOffset + 1, batch.baseOffset, batch.partitionLeaderEpoch)
  }
  return {
    partition,
    batches: batches.length === 0 ? NONE : batches,
    nextOffset,
    leaderEpoch: last.partitionLeaderEpoch,
    topicId: partition.topicId,
  }
}
