import { check } from '../cluster.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { heartbeat, joinGroup, leaveGroup, syncGroup } from '../protocol/groups.ts'
import {
  type Assignment,
  type Claim,
  chooseActive,
  decodeAssignment,
  decodeClaim,
  encodeAssignment,
  encodeClaim,
} from './claim.ts'
import type { Coordinator } from './coordinator.ts'
import type { GroupMemberOptions } from './state.ts'

const PROTOCOL_TYPE = 'connect'
const PROTOCOL = 'isthmus-mirror-v1'

export interface Joined {
  readonly memberId: string
  readonly generationId: number
  readonly leader: string
  /** Told to the leader alone. */
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[]
}

/** The four requests of a classic group's member. They reject with `BrokerError` or `ConnectionError`; instants are of `performance.now()`. */
export class GroupRequests {
  readonly #coordinator: Coordinator
  readonly #options: GroupMemberOptions
  /** For answers that wait for other members. */
  readonly #lateMs: number

  constructor(coordinator: Coordinator, options: GroupMemberOptions, requestTimeoutMs: number) {
    this.#coordinator = coordinator
    this.#options = options
    this.#lateMs = options.rebalanceTimeoutMs + requestTimeoutMs
  }

  /** @param named told of the member id that the coordinator gives a member without one (''), before it has joined */
  async join(memberId: string, claim: Claim, named: (memberId: string) => void): Promise<Joined> {
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
        protocolType: PROTOCOL_TYPE,
        protocols: [{ name: PROTOCOL, metadata: encodeClaim(claim) }],
      },
      this.#lateMs,
    )
    if (joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED && memberId === '') {
      named(joined.memberId)
      return this.join(joined.memberId, claim, named)
    }
    check(joined.errorCode, `joining group ${groupId}`, 'group-membership')
    return joined
  }

  /** The leader says who is active, and every member learns it. */
  async sync({ memberId, generationId, leader, members }: Joined): Promise<{ assignment: Assignment | null; sentAtMs: number }> {
    const { groupId } = this.#options
    const connection = await this.#coordinator.connection('join')
    const sentAtMs = performance.now()
    const assignments = leader === memberId ? assign(members) : []
    const request = { groupId, generationId, memberId, groupInstanceId: null, assignments }
    const synced = await connection.send(syncGroup, request, this.#lateMs)
    check(synced.errorCode, `taking part in group ${groupId}`, 'group-membership')
    return { assignment: decodeAssignment(synced.assignment), sentAtMs }
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

const assign = (members: Joined['members']) => {
  const chosen = chooseActive(members.map(({ memberId, metadata }) => ({ memberId, claim: decodeClaim(metadata) })))
  if (chosen === null) return []
  const assignment = encodeAssignment(chosen)
  return members.map(({ memberId }) => ({ memberId, assignment }))
}
