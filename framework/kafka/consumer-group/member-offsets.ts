import { ConnectError } from '../../api/index.ts'
import { BrokerError } from '../client-errors.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import type { Coordinator } from '../group-member/coordinator.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { retrying } from '../retry.ts'
import { commitAs, fetchCommitted, type GroupPosition } from './offsets.ts'
import { nameOf, type TopicPartition } from './wire.ts'

/** What committing has to know of the member, as it is at the moment. */
export interface CommittingMember {
  identity(): { readonly memberId: string; readonly generationId: number }
  owns(partition: TopicPartition): boolean
  /** The coordinator no longer knows the member, or the group has gone on without it. */
  lost(how: 'unknown' | 'left behind'): void
}

/** Refusals that another generation of the group may not give. */
const OF_THE_GENERATION: ReadonlySet<number> = new Set([
  ErrorCode.UNKNOWN_MEMBER_ID,
  ErrorCode.ILLEGAL_GENERATION,
  ErrorCode.REBALANCE_IN_PROGRESS,
])

/** Committed offsets as a member reads and writes them; follows the coordinator where it goes. */
export class MemberOffsets {
  readonly #cluster: Cluster
  readonly #coordinator: Coordinator
  readonly #groupId: string
  readonly #member: CommittingMember

  constructor(cluster: Cluster, coordinator: Coordinator, groupId: string, member: CommittingMember) {
    this.#cluster = cluster
    this.#coordinator = coordinator
    this.#groupId = groupId
    this.#member = member
  }

  fetch(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<readonly GroupPosition[]> {
    const ask = () => this.#asking(connection => fetchCommitted(connection, this.#groupId, partitions))
    return retrying(this.#cluster, `reading the offsets of group ${this.#groupId}`, ask, { signal })
  }

  async commit(positions: readonly GroupPosition[], signal: AbortSignal): Promise<readonly GroupPosition[]> {
    const committed: GroupPosition[] = []
    let left = positions
    const attempt = async (): Promise<void> => {
      left = left.filter(position => this.#member.owns(position))
      if (left.length === 0) return
      const { memberId, generationId } = this.#member.identity()
      const membership = { groupId: this.#groupId, memberId, generationId }
      const refused = await this.#asking(connection => commitAs(connection, membership, left))
      committed.push(...left.filter(position => !refused.has(nameOf(position))))
      left = left.filter(position => refused.has(nameOf(position)))
      const errors = [...refused.values()]
      const worst = errors.find(error => !error.retriable) ?? errors[0]
      if (worst !== undefined) throw this.#refusal(worst, generationId)
    }
    await retrying(this.#cluster, `committing offsets of group ${this.#groupId}`, attempt, { signal })
    return committed
  }

  async #asking<T>(ask: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await ask(await this.#coordinator.connection('offsets'))
    } catch (error) {
      if (error instanceof BrokerError && error.protocolCode === ErrorCode.NOT_COORDINATOR) this.#coordinator.forget()
      throw error
    }
  }

  /** The error to throw: retriable where trying again can help, in another generation or at another coordinator. */
  #refusal(error: BrokerError, generationId: number): ConnectError {
    const { protocolCode } = error
    if (protocolCode === ErrorCode.NOT_COORDINATOR) this.#coordinator.forget()
    if (protocolCode === ErrorCode.UNKNOWN_MEMBER_ID) this.#member.lost('unknown')
    if (protocolCode === ErrorCode.ILLEGAL_GENERATION && generationId === this.#member.identity().generationId)
      this.#member.lost('left behind')
    if (!OF_THE_GENERATION.has(protocolCode)) return error
    return new ConnectError(error.code, error.message, { kind: 'retriable', stage: 'offset-commit', cause: error })
  }
}
