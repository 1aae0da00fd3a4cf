import { ConnectError, type SourceOffset } from '../../../framework/api/index.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { errorName, errorReaction } from '../../../framework/kafka/protocol/error-codes.ts'
import { listLogOffsets } from '../../../framework/kafka/reader/log-range.ts'
import type { StartPosition } from '../../../framework/kafka/reader/partition.ts'
import { retrying } from '../../../framework/kafka/retry.ts'
import type { MirroredPartition } from './mirrored-partition.ts'
import { positionOf } from './source-position.ts'

export interface StartOptions {
  /** `auto.offset.reset` of the replication consumer, for partitions without a stored offset. */
  readonly autoOffsetReset: 'earliest' | 'latest' | 'none'
  readonly signal: AbortSignal
  /** This partition cannot be started; the others are. */
  fail(partition: MirroredPartition, error: ConnectError): void
}

/** Where each partition goes on: after its stored offset, or as `auto.offset.reset` says. Partitions that fail are left out. */
export const startPositions = async (
  cluster: Cluster,
  partitions: readonly MirroredPartition[],
  stored: readonly (SourceOffset | null)[],
  options: StartOptions,
): Promise<ReadonlyMap<MirroredPartition, StartPosition>> => {
  const starts = new Map<MirroredPartition, StartPosition>()
  const fresh: MirroredPartition[] = []
  partitions.forEach((partition, i) => {
    const position = positionOf(stored[i] ?? null)
    if (position === null) fresh.push(partition)
    else
      starts.set(partition, {
        ...named(partition),
        offset: position.offset + 1,
        ...known(position.topicId, position.leaderEpoch),
      })
  })
  if (options.autoOffsetReset === 'none') {
    for (const partition of fresh) {
      const message = `${partition.label} has no stored offset and auto.offset.reset = none: set it to earliest or latest`
      options.fail(partition, new ConnectError('NO_OFFSET', message, { kind: 'partition', stage: 'start' }))
    }
  } else await addFresh(cluster, fresh, options, starts)
  return starts
}

/** Partitions without a leader at present are asked about again; what is final fails its partition. */
const addFresh = async (
  cluster: Cluster,
  fresh: readonly MirroredPartition[],
  options: StartOptions,
  starts: Map<MirroredPartition, StartPosition>,
): Promise<void> => {
  let left = fresh
  const place = options.autoOffsetReset === 'latest' ? 'end' : 'start'
  await retrying(
    cluster,
    'listing the offsets to start from',
    async () => {
      if (left.length === 0) return
      const listed = await listLogOffsets(cluster, left.map(named), place)
      const again: MirroredPartition[] = []
      left.forEach((partition, i) => {
        const { errorCode = -1, offset = -1 } = listed[i] ?? {}
        if (errorCode === 0) starts.set(partition, { ...named(partition), offset })
        else if (errorReaction(errorCode) !== 'final') again.push(partition)
        else {
          const message = `${partition.label}: the offsets to start from cannot be listed: ${errorName(errorCode)}`
          options.fail(partition, new ConnectError(errorName(errorCode), message, { kind: 'partition', stage: 'start' }))
        }
      })
      left = again
      if (again.length === 0) return
      const message = `${again.length} partitions have no leader, among them ${again[0]?.label}`
      throw new ConnectError('LEADER_NOT_AVAILABLE', message, { kind: 'retriable', stage: 'start' })
    },
    { signal: options.signal },
  )
}

const named = ({ sourcePartition }: MirroredPartition): { readonly topic: string; readonly partition: number } => ({
  topic: sourcePartition.topic as string,
  partition: sourcePartition.partition as number,
})

const known = (topicId: string | null, leaderEpoch: number): { readonly topicId?: string; readonly leaderEpoch?: number } => ({
  ...(topicId === null ? {} : { topicId }),
  ...(leaderEpoch < 0 ? {} : { leaderEpoch }),
})
