import type { Cluster } from '../cluster.ts'
import { check } from '../cluster.ts'
import { listGroups as listGroupsMessage } from '../protocol/group-offsets.ts'

/** As the coordinator calls it: `Empty`, `Stable`, `PreparingRebalance`, `CompletingRebalance`, `Assigning`, `Reconciling`, `Dead`. */
export type GroupState = string

export interface ListedGroup {
  readonly group: string
  /** `consumer` of consumers, classic or of KIP-848; '' where offsets were committed without members; `connect`, `share`, … of others. */
  readonly protocolType: string
  readonly state: GroupState
  /** The broker that is its coordinator. */
  readonly coordinator: number
}

/** Groups whose offsets may be set from outside: nobody is in them. */
export const isIdle = (state: GroupState): boolean => state === 'Empty' || state === 'Dead'

/**
 * Every group of the cluster that may be described, by id.
 * Rejects, retriably, when a broker does not answer or its groups are still being loaded: what is missing would look deleted.
 */
export const listGroups = async (cluster: Cluster): Promise<ReadonlyMap<string, ListedGroup>> => {
  await cluster.describeTopics([])
  const answers = await Promise.all(
    cluster.brokerIds.map(async coordinator => {
      const connection = await cluster.connection(coordinator, 'control')
      const { errorCode, groups } = await connection.send(listGroupsMessage, { statesFilter: [] })
      check(errorCode, `listing the groups of broker ${coordinator}`, 'discovery')
      return groups.map(({ groupId, protocolType, groupState }) => ({
        group: groupId,
        protocolType,
        state: groupState,
        coordinator,
      }))
    }),
  )
  return new Map(answers.flat().map(listed => [listed.group, listed]))
}
