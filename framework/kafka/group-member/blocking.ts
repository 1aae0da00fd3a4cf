import { check } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { describeGroups } from '../protocol/groups.ts'

/** Protocols by which Java's Connect workers, MirrorMaker 2 among them, share their work. */
const CONNECT_PROTOCOLS: ReadonlySet<string> = new Set(['default', 'compatible', 'sessioned'])

/** A member of another kind, which keeps us out of the group. */
export interface BlockingMember {
  readonly memberId: string
  readonly clientId: string
  readonly host: string
  /** As the group's coordinator tells it; empty while the group rebalances. */
  readonly protocolType: string
  readonly protocol: string
}

/** Who is in the group; null = we may not be told. */
export const describeBlocking = async (connection: Connection, groupId: string): Promise<readonly BlockingMember[] | null> => {
  const response = await connection.send(describeGroups, { groups: [groupId], includeAuthorizedOperations: false })
  const group = response.groups[0]
  if (group === undefined || group.errorCode === ErrorCode.GROUP_AUTHORIZATION_FAILED) return null
  check(group.errorCode, `describing group ${groupId}`, 'group-membership')
  const { protocolType, protocolData } = group
  return group.members.map(({ memberId, clientId, clientHost }) => ({
    memberId,
    clientId,
    host: clientHost.replace(/^\//, ''),
    protocolType,
    protocol: protocolData,
  }))
}

/** A sentence for the operator: who is in the way, and what has to happen. */
export const blockedMessage = (groupId: string, by: readonly BlockingMember[] | null): string => {
  if (by === null) return `another program runs in group ${groupId} (grant DESCRIBE on the group to see which); ${UNTIL}`
  const names = by.map(({ clientId, host }) => `client ${clientId} at ${host}`).join(', ')
  const kind = by.some(isConnect) ? 'a Java MirrorMaker 2' : 'another program'
  return `${kind} (${names}) runs in group ${groupId}; ${UNTIL}`
}

const UNTIL = 'nothing is copied until it has left'

const isConnect = ({ protocolType, protocol }: BlockingMember): boolean =>
  protocolType === 'connect' && (protocol === '' || CONNECT_PROTOCOLS.has(protocol))
