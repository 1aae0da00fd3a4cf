import { check } from '../cluster.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { heartbeat, joinGroup, leaveGroup, syncGroup } from '../protocol/groups.ts'
import type { Coordinator } from './coordinator.ts'
import type { GroupMemberOptions } from './state.ts'

type GroupOptions = Pick<GroupMemberOptions, 'groupId' | 'sessionTimeoutMs' | 'rebalanceTimeoutMs'>

/** By which the members of a group share what they share: a broker lets members of one type in that have a name in common. */
export interface GroupProtocol {
  /** Kind of group, as tools show it. */
  readonly type: string
  /** Best first; the group takes one that all its members have. */
  readonly names: readonly string[]
}

/** What the leader gives one member. */
export interface MemberAssignment {
  readonly memberId: string
  readonly assignment: Buffer
}

export interface Joined {
  readonly memberId: string
  readonly generationId: number
  /** The one taken. */
  readonly protocolName: string
  readonly leader: string
  /** Told to the leader alone. */
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[]
}

/** The four requests of a classic group's member. They reject with `BrokerError` or `ConnectionError`; instants are of `performance.now()`. */
export class GroupRequests {
  readonly #coordinator: Coordinator
  readonly #protocol: GroupProtocol
  readonly #options: GroupOptions
  /** For answers that wait for other members. */
  readonly #lateMs: number

  constructor(coordinator: Coordinator, protocol: GroupProtocol, options: GroupOptions, requestTimeoutMs: number) {
    this.#coordinator = coordinator
    this.#protocol = protocol
    this.#options = options
    this.#lateMs = options.rebalanceTimeoutMs + requestTimeoutMs
  }

  /**
   * @param metadata what this member says of itself
   * @param named told of the member id that the coordinator gives a member without one (''), before it has joined
   */
  async join(memberId: string, metadata: Buffer, named: (memberId: string) => void): Promise<Joined> {
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options
    const connection = await this.#coordinator.connection('join')
    const joined = await connection.send(
      joinGroup,
      {
        groupId,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        memberId,
        groupInstanceId: null,
        protocolType: this.#protocol.type,
        protocols: this.#protocol.names.map(name => ({ name, metadata })),
      },
      this.#lateMs,
    )
    if (joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED && memberId === '') {
      named(joined.memberId)
      return this.join(joined.memberId, metadata, named)
    }
    check(joined.errorCode, `joining group ${groupId}`, 'group-membership')
    return joined
  }

  /** Resolves with what the leader gives this member. @param assignments of all members, by the leader; none by the others */
  async sync(
    { memberId, generationId }: Joined,
    assignments: readonly MemberAssignment[],
  ): Promise<{ readonly assignment: Buffer; readonly sentAtMs: number }> {
    const { groupId } = this.#options
    const connection = await this.#coordinator.connection('join')
    const sentAtMs = performance.now()
    const request = { groupId, generationId, memberId, groupInstanceId: null, assignments: [...assignments] }
    const synced = await connection.send(syncGroup, request, this.#lateMs)
    check(synced.errorCode, `taking part in group ${groupId}`, 'group-membership')
    return { assignment: synced.assignment, sentAtMs }
  }

  async heartbeat(memberId: string, generationId: number): Promise<{ errorCode: number; sentAtMs: number }> {
    const connection = await this.#coordinator.connection('heartbeat')
    const sentAtMs = performance.now()
    const request = { groupId: this.#options.groupId, generationId, memberId, groupInstanceId: null }
    const { errorCode } = await connection.send(heartbeat, request)
    return { errorCode, sentAtMs }
  }

  async leave(memberId: string): Promise<void> {
    const { groupId } = this.#options
    const connection = await this.#coordinator.connection('heartbeat')
    const left = await connection.send(leaveGroup, { groupId, members: [{ memberId, groupInstanceId: null }] })
    check(left.errorCode, `leaving group ${groupId}`, 'stop')
  }
}
