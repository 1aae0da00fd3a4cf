import { fetchGroupOffsets } from '../../../framework/kafka/admin/group-offsets.ts'
import { BrokerError } from '../../../framework/kafka/client-errors.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import type { Connection } from '../../../framework/kafka/connection.ts'
import { ErrorCode } from '../../../framework/kafka/protocol/error-codes.ts'
import { offsetCommit } from '../../../framework/kafka/protocol/group-offsets.ts'
import { parseJson } from './member-view.ts'
import { type Placement, placementOf } from './placement.ts'

/*
 * Each cluster keeps where the group is, as an offset that the control group has committed there: `{epoch, active, from, cause}` as JSON in
 * its metadata. It is written by the control group's leader in its generation, so the broker refuses what an outlived leader writes. A move is
 * done once the record on its target says so; before that nobody of the group consumes there, after it nobody sets an offset there until the
 * next move.
 */

/** The control group's member that writes, and in which generation. */
export interface Membership {
  readonly groupId: string
  readonly memberId: string
  readonly generationId: number
}

/** Null = nothing is stored. */
export async function readMoveRecord(cluster: Cluster, controlGroup: string): Promise<Placement | null> {
  const offsets = await fetchGroupOffsets(cluster, controlGroup)
  const placements = offsets.flatMap(({ metadata }) => placementOf(parseJson(metadata)) ?? [])
  return placements.sort((a, b) => b.epoch - a.epoch)[0] ?? null
}

/**
 * Rejects with a `BrokerError` when the member is not, or no longer, in this generation.
 * @param topic any that exists: offsets are committed for partitions of topics
 */
export async function writeMoveRecord(
  connection: Connection,
  { groupId, memberId, generationId }: Membership,
  topic: string,
  placement: Placement,
): Promise<void> {
  const response = await connection.send(offsetCommit, {
    groupId,
    generationId,
    memberId,
    groupInstanceId: null,
    topics: [
      {
        name: topic,
        partitions: [
          { partition: 0, committedOffset: placement.epoch, committedLeaderEpoch: -1, metadata: JSON.stringify(placement) },
        ],
      },
    ],
  })
  const errorCode = response.topics[0]?.partitions[0]?.errorCode ?? ErrorCode.NONE
  if (errorCode !== ErrorCode.NONE) throw new BrokerError(errorCode, `storing the move of group ${groupId}`, 'offset-commit')
}
