import { BrokerError } from '../client-errors.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { offsetCommit, offsetFetch, offsetFetchOfOne } from '../protocol/group-offsets.ts'
import type { CommittedOffset } from './group-section.ts'

export type { CommittedOffset } from './group-section.ts'

/** Not on behalf of a member: accepted while the group has none. */
const NO_MEMBER = { generationId: -1, memberId: '', groupInstanceId: null } as const
const NO_EPOCH = -1

/** Refusals that say that somebody is in the group. */
const ACTIVE: ReadonlySet<number> = new Set([
  ErrorCode.UNKNOWN_MEMBER_ID,
  ErrorCode.ILLEGAL_GENERATION,
  ErrorCode.REBALANCE_IN_PROGRESS,
])

/** Whether a refusal of `commitGroupOffsets` says that the group has members: nothing was changed. */
export const isGroupActive = (error: unknown): boolean => error instanceof BrokerError && ACTIVE.has(error.protocolCode)

/** What a group has committed; empty for one that does not exist. Rejects with a `BrokerError` or `ConnectionError`. */
export const fetchGroupOffsets = async (cluster: Cluster, group: string): Promise<readonly CommittedOffset[]> => {
  const connection = await cluster.coordinatorConnection(group)
  const { topics, errorCode } = await ask(connection, group)
  if (errorCode !== ErrorCode.NONE) throw new BrokerError(errorCode, `offsets of group ${group}`, 'discovery')
  return topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ partition, committedOffset, metadata, errorCode }) => {
      if (errorCode !== ErrorCode.NONE)
        throw new BrokerError(errorCode, `offset of group ${group} in ${name}-${partition}`, 'discovery')
      return committedOffset < 0 ? [] : [{ topic: name, partition, offset: committedOffset, metadata: metadata ?? '' }]
    }),
  )
}

const ask = async (connection: Connection, group: string) => {
  if (!connection.supports(offsetFetch.apiKey, offsetFetch.version)) {
    return connection.send(offsetFetchOfOne, { groupId: group, topics: null, requireStable: false })
  }
  const response = await connection.send(offsetFetch, { groups: [{ groupId: group, topics: null }], requireStable: false })
  return response.groups[0] ?? { topics: [], errorCode: ErrorCode.NONE }
}

/**
 * Sets offsets of a group without members; the others stay. A group that does not exist comes into being.
 * Rejects with the `BrokerError` of the first partition refused (`isGroupActive`: none was set).
 */
export const commitGroupOffsets = async (cluster: Cluster, group: string, offsets: readonly CommittedOffset[]): Promise<void> => {
  const connection = await cluster.coordinatorConnection(group)
  const response = await connection.send(offsetCommit, {
    groupId: group,
    ...NO_MEMBER,
    topics: [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, ofTopic]) => ({
      name,
      partitions: ofTopic.map(({ partition, offset, metadata }) => ({
        partition,
        committedOffset: offset,
        committedLeaderEpoch: NO_EPOCH,
        metadata,
      })),
    })),
  })
  for (const { name, partitions } of response.topics) {
    for (const { partition, errorCode } of partitions) {
      if (errorCode === ErrorCode.NONE) continue
      throw new BrokerError(errorCode, `setting the offset of group ${group} in ${name}-${partition}`, 'offset-commit')
    }
  }
}
