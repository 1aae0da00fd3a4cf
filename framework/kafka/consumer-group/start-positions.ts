import { ConnectError } from '../../api/index.ts'
import type { Cluster } from '../cluster.ts'
import { check } from '../cluster.ts'
import { listLogOffsets } from '../reader/log-range.ts'
import type { ReaderSettings } from '../reader/settings.ts'
import { retrying } from '../retry.ts'
import type { GroupPosition } from './offsets.ts'
import { nameOf, type TopicPartition } from './wire.ts'

/** `auto.offset.reset`: where to begin in a partition of which nothing is committed. */
export type OffsetReset = 'earliest' | 'latest' | 'none'

const NO_EPOCH = -1

/**
 * Where to begin in each partition: where the group has committed, else as `reset` says. Rejects with OFFSET_MISSING (fatal) where that is
 * `none`. Whether a committed offset is still in the log is for the reader to find out.
 */
export const startPositions = async (
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  committed: readonly GroupPosition[],
  options: { readonly groupId: string; readonly reset: OffsetReset; readonly isolation: ReaderSettings['isolation'] },
  signal: AbortSignal,
): Promise<readonly GroupPosition[]> => {
  const { groupId, reset, isolation } = options
  const known = new Set(committed.map(nameOf))
  const fresh = partitions.filter(partition => !known.has(nameOf(partition)))
  if (fresh.length === 0) return committed
  if (reset === 'none') {
    const names = fresh.map(nameOf).join(', ')
    const message = `Group ${groupId} has committed no offset in ${names}, and auto.offset.reset is none: commit one, or choose earliest or latest`
    throw new ConnectError('OFFSET_MISSING', message, { kind: 'fatal', stage: 'start' })
  }
  const what = `finding the ${reset} offsets of ${fresh.map(nameOf).join(', ')}`
  const list = async (): Promise<GroupPosition[]> => {
    const listed = await listLogOffsets(cluster, fresh, reset === 'earliest' ? 'start' : 'end', isolation)
    return fresh.map((partition, i) => {
      const { errorCode, offset } = listed[i]!
      check(errorCode, `${what}: ${nameOf(partition)}`, 'start')
      return { ...partition, offset, leaderEpoch: NO_EPOCH }
    })
  }
  return [...committed, ...(await retrying(cluster, what, list, { signal }))]
}
