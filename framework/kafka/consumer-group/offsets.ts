import { BrokerError } from '../client-errors.ts'
import { check } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { offsetCommit, offsetFetch, offsetFetchOfOne } from '../protocol/group-offsets.ts'
import { nameOf, type TopicPartition } from './wire.ts'

/** Where a group goes on in a partition. */
export interface GroupPosition extends TopicPartition {
  /** Of the next record to read. */
  readonly offset: number
  /** Leader epoch of the record before it; -1 = not known. */
  readonly leaderEpoch: number
}

export interface Membership {
  readonly groupId: string
  readonly memberId: string
  readonly generationId: number
}

/**
 * What a group has committed of these partitions; those without an offset are left out. Waits for no transaction: rejects with the retriable
 * UNSTABLE_OFFSET_COMMIT while one is about to commit such an offset.
 */
export const fetchCommitted = async (
  connection: Connection,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<readonly GroupPosition[]> => {
  const what = `reading the offsets of group ${groupId}`
  const { topics, errorCode } = await ask(connection, groupId, partitions)
  check(errorCode, what, 'start')
  return topics.flatMap(({ name, partitions: found }) =>
    found.flatMap(({ partition, committedOffset, committedLeaderEpoch, errorCode }) => {
      check(errorCode, `${what} in ${name}-${partition}`, 'start')
      if (committedOffset < 0) return []
      return [{ topic: name, partition, offset: committedOffset, leaderEpoch: committedLeaderEpoch }]
    }),
  )
}

/** On behalf of a member. Resolves with the error of each partition that was refused, by `topic-partition`. */
export const commitAs = async (
  connection: Connection,
  { groupId, memberId, generationId }: Membership,
  positions: readonly GroupPosition[],
): Promise<ReadonlyMap<string, BrokerError>> => {
  const response = await connection.send(offsetCommit, {
    groupId,
    generationId,
    memberId,
    groupInstanceId: null,
    topics: [...Map.groupBy(positions, ({ topic }) => topic)].map(([name, of]) => ({
      name,
      partitions: of.map(({ partition, offset, leaderEpoch }) => ({
        partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch,
        metadata: '',
      })),
    })),
  })
  const refused = new Map<string, BrokerError>()
  for (const { name: topic, partitions } of response.topics) {
    for (const { partition, errorCode } of partitions) {
      if (errorCode === ErrorCode.NONE) continue
      const name = nameOf({ topic, partition })
      refused.set(name, new BrokerError(errorCode, `committing the offset of group ${groupId} in ${name}`, 'offset-commit'))
    }
  }
  return refused
}

const ask = async (connection: Connection, groupId: string, partitions: readonly TopicPartition[]) => {
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, of]) => ({
    name,
    partitions: of.map(({ partition }) => partition),
  }))
  if (!connection.supports(offsetFetch.apiKey, offsetFetch.version)) {
    return connection.send(offsetFetchOfOne, { groupId, topics, requireStable: true })
  }
  const response = await connection.send(offsetFetch, { groups: [{ groupId, topics }], requireStable: true })
  return response.groups[0] ?? { topics: [], errorCode: ErrorCode.NONE }
}
