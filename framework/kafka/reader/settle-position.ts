import type { Cluster } from '../cluster.ts'
import type { RetentionGap, Truncation } from './events.ts'
import { endOfEpoch, logEnd, logStart } from './log-range.ts'
import type { ReadPartition } from './partition.ts'

export type Verdict =
  | { readonly kind: 'gap'; readonly gap: RetentionGap }
  | { readonly kind: 'truncated'; readonly truncation: Truncation }
  /** The position is in the log after all. */
  | { readonly kind: 'fine' }

/** How many leader epochs back a common past is looked for; beyond that the partition is read again from its start. */
const EPOCHS_BACK = 50

/**
 * Why the broker found a position out of range:
 * below the log start: retention took records; beyond the end, or in a leader epoch that the log does not have: the log was truncated.
 * Where a truncated log stops agreeing with what was read cannot be known, everything is read again: twice rather than never.
 */
export const settlePosition = async (cluster: Cluster, partition: ReadPartition, leaderId: number): Promise<Verdict> => {
  const at = { topic: partition.topic, partition: partition.partition, leaderId }
  const position = partition.offset
  const start = await logStart(cluster, at)
  if (position < start) return { kind: 'gap', gap: { fromOffset: position, toOffset: start } }
  const end = await logEnd(cluster, at)
  if (partition.lastEpoch < 0) {
    return position > end ? { kind: 'truncated', truncation: { position, resumeOffset: start } } : { kind: 'fine' }
  }
  for (let epoch = partition.lastEpoch; epoch >= 0 && epoch > partition.lastEpoch - EPOCHS_BACK; epoch--) {
    const known = await endOfEpoch(cluster, at, epoch)
    if (known === null) continue
    const common = partition.commonEnd(known.epoch, Math.min(known.endOffset, end))
    if (common >= position) return { kind: 'fine' }
    return { kind: 'truncated', truncation: { position, resumeOffset: Math.max(common, start) } }
  }
  return { kind: 'truncated', truncation: { position, resumeOffset: start } }
}
