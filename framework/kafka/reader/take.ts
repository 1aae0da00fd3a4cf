import { ConnectError } from '../../api/index.ts'
import type { FetchedPartition } from '../protocol/fetch.ts'
import { dropBelow, makeCopyable, type RecordBatch, splitBatches } from '../record-batch/index.ts'
import type { FetchedBatch, FetchedRun } from './fetched.ts'
import type { ReadPartition } from './partition.ts'

const NONE: readonly FetchedBatch[] = []

/**
 * The batches of one partition's response that are to be delivered, and the partition's position moved past all it holds.
 * Null when it holds no whole batch. A damaged batch ends the run before it; at the position itself it throws `ConnectError`
 * BATCH_CORRUPT, and the position stays there.
 */
export const takeRun = (partition: ReadPartition, fetched: FetchedPartition): FetchedRun | null => {
  const all = splitBatches(fetched.records)
  const position = partition.offset
  const kept = partition.aborted.filter(fetched.aborted, all)
  const batches: FetchedBatch[] = []
  let end = all.length
  for (const batch of kept) {
    try {
      const copyable = copyableFrom(batch, position)
      if (copyable !== null) batches.push(copyable)
    } catch (error) {
      if (!(error instanceof ConnectError) || batch.baseOffset <= position) throw error
      end = all.indexOf(batch)
      break
    }
  }
  const last = all[end - 1]
  if (last === undefined || last.lastOffset < position) return null
  for (let i = 0; i < end; i++) {
    const batch = all[i] as RecordBatch
    if (batch.lastOffset >= position) partition.advance(batch.lastOffset + 1, batch.baseOffset, batch.partitionLeaderEpoch)
  }
  return {
    partition,
    batches: batches.length === 0 ? NONE : batches,
    nextOffset: last.lastOffset + 1,
    leaderEpoch: last.partitionLeaderEpoch,
    topicId: partition.topicId,
  }
}

/** What of a batch is at or after `position`, in a form that can be appended; null = nothing. */
const copyableFrom = (batch: RecordBatch, position: number): FetchedBatch | null => {
  const { lastOffset, partitionLeaderEpoch } = batch
  if (lastOffset < position) return null
  const rest = batch.baseOffset < position ? dropBelow(batch, position) : batch
  const copyable = rest === null ? null : makeCopyable(rest)
  if (rest === null || copyable === null) return null
  const { bytes, count, sourceOffsets } = copyable
  return {
    bytes,
    count,
    sourceOffsets,
    firstOffset: rest.baseOffset,
    lastOffset,
    leaderEpoch: partitionLeaderEpoch,
    timestampType: rest.isLogAppendTime ? 'LogAppendTime' : 'CreateTime',
  }
}
