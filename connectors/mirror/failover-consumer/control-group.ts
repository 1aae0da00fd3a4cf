import { ConnectError } from '../../../framework/api/index.ts'
import { Background, Backoff, type Deferred, deferred, sleep } from '../../../framework/flow/index.ts'
import { BrokerError } from '../../../framework/kafka/client-errors.ts'
import { type Cluster, check } from '../../../framework/kafka/cluster.ts'
import { Coordinator } from '../../../framework/kafka/group-member/coordinator.ts'
import { GroupRequests, type Joined } from '../../../framework/kafka/group-member/requests.ts'
import { ErrorCode } from '../../../framework/kafka/protocol/error-codes.ts'
import { type Decision, decodeDecision, encodeDecision } from './decide.ts'
import { decodeView, encodeView, type MemberView } from './member-view.ts'
import { writeMoveRecord } from './move-record.ts'
import type { Placement } from './placement.ts'

const PROTOCOL = { type: 'isthmus-failover', names: ['isthmus-failover-v1'] }
const NO_GENERATION = -1
const BEATS_PER_SESSION = 10
/** Another failure of the same kind is not worth a log line. */
const BACKOFF = { initialMs: 200, maxMs: 5_000 }

export interface ControlGroupOptions {
  readonly groupId: string
  readonly sessionTimeoutMs: number
  /** Of this member, asked at each round. */
  readonly view: () => MemberView
  /** By the one that leads a round, from what all members say; its rejection makes another round. */
  readonly decide: (views: readonly MemberView[]) => Promise<Decision>
  /** @param isLeader this member has decided it, and carries it out */
  readonly onDecision: (decision: Decision, isLeader: boolean) => void
  /** No round can be had for now; null = it can again. */
  readonly onTrouble: (error: Error | null) => void
}

/**
 * The agreement of a consumer group's members, on one cluster: a Kafka group of its own, in which each says what it sees when it joins, the
 * leader decides, and all learn it. Another round is begun by whoever has something new to say, comes, leaves or dies.
 */
export class ControlGroup {
  readonly #options: ControlGroupOptions
  readonly #cluster: Cluster
  readonly #coordinator: Coordinator
  readonly #requests: GroupRequests
  readonly #stopping = new AbortController()
  readonly #background: Background
  #memberId = ''
  #generation = NO_GENERATION
  #isLeader = false
  #told: Buffer = Buffer.alloc(0)
  #phase: 'joining' | 'settled' = 'joining'
  #again: Deferred<void> = deferred()

  /** @param cluster stays the caller's, to close after the group */
  constructor(cluster: Cluster, options: ControlGroupOptions) {
    const { groupId, sessionTimeoutMs } = options
    this.#cluster = cluster
    this.#options = options
    this.#coordinator = new Coordinator(cluster, groupId, Math.ceil(sessionTimeoutMs / 3))
    const times = { groupId, sessionTimeoutMs, rebalanceTimeoutMs: sessionTimeoutMs }
    this.#requests = new GroupRequests(this.#coordinator, PROTOCOL, times, cluster.settings.requestTimeoutMs)
    this.#background = new Background(error => options.onTrouble(error as Error))
  }

  /** Whether this member leads the present round, or led the last one while the next is still being made. */
  get isLeader(): boolean {
    return this.#isLeader
  }

  start(): void {
    this.#background.run(`membership of group ${this.#options.groupId}`, () => this.#run())
    this.#background.run(`heartbeats to group ${this.#options.groupId}`, () => this.#beat())
  }

  /** Begins another round if this member's view is another than it told. */
  tell(): void {
    if (this.#phase === 'settled' && !this.#told.equals(encodeView(this.#options.view()))) this.#again.resolve()
  }

  /** Stores a move, in this member's generation. Rejects with a `BrokerError` when it does not lead any more. */
  async store(topic: string, placement: Placement): Promise<void> {
    const connection = await this.#coordinator.connection('heartbeat')
    const membership = { groupId: this.#options.groupId, memberId: this.#memberId, generationId: this.#generation }
    await writeMoveRecord(connection, membership, topic, placement)
  }

  /** Leaves, so that the others need not wait for it. */
  async close(): Promise<void> {
    const { groupId } = this.#options
    this.#stopping.abort()
    this.#again.resolve()
    try {
      if (this.#memberId !== '') await this.#requests.leave(this.#memberId)
    } catch (error) {
      this.#cluster.logger.debug({ err: error, groupId }, `Group ${groupId} finds out by the session timeout that we left`)
    }
    this.#coordinator.close()
    await this.#background
      .settled()
      .catch((error: unknown) => this.#cluster.logger.debug({ err: error, groupId }, 'Told by onTrouble before'))
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    const backoff = new Backoff(BACKOFF)
    while (!signal.aborted) {
      try {
        await this.#round()
        backoff.reset()
        this.#options.onTrouble(null)
        this.tell()
        await this.#again.promise
      } catch (error) {
        if (signal.aborted) return
        this.#recover(error)
        await sleep(backoff.next(), signal)
      }
    }
  }

  async #round(): Promise<void> {
    this.#phase = 'joining'
    this.#again = deferred()
    const told = encodeView(this.#options.view())
    const joined = await this.#requests.join(this.#memberId, told, memberId => {
      this.#memberId = memberId
    })
    this.#memberId = joined.memberId
    this.#generation = joined.generationId
    this.#isLeader = joined.leader === joined.memberId
    const assignments = this.#isLeader ? await this.#lead(joined.members) : []
    const { assignment } = await this.#requests.sync(joined, assignments)
    if (this.#stopping.signal.aborted) return
    this.#told = told
    this.#phase = 'settled'
    const decision = decodeDecision(assignment)
    const { groupId } = this.#options
    const fields = { groupId, generation: this.#generation, isLeader: this.#isLeader, decision }
    this.#cluster.logger.debug(fields, `Group ${groupId}: ${decision?.kind ?? 'nothing'} decided in round ${this.#generation}`)
    if (decision !== null) this.#options.onDecision(decision, this.#isLeader)
  }

  async #lead(members: Joined['members']) {
    const decision = await this.#options.decide(members.map(({ metadata }) => decodeView(metadata)))
    const assignment = encodeDecision(decision)
    return members.map(({ memberId }) => ({ memberId, assignment }))
  }

  #recover(error: unknown): void {
    const code = error instanceof BrokerError ? error.protocolCode : undefined
    if (code === ErrorCode.REBALANCE_IN_PROGRESS || code === ErrorCode.ILLEGAL_GENERATION) return
    if (code === ErrorCode.UNKNOWN_MEMBER_ID) {
      this.#lost()
      return
    }
    if (!(error instanceof ConnectError)) throw error
    this.#coordinator.forget()
    this.#options.onTrouble(error)
  }

  #lost(): void {
    this.#memberId = ''
    this.#generation = NO_GENERATION
    this.#isLeader = false
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stopping
    const { groupId, sessionTimeoutMs } = this.#options
    while (!signal.aborted) {
      await sleep(sessionTimeoutMs / BEATS_PER_SESSION, signal)
      if (signal.aborted || this.#generation === NO_GENERATION) continue
      const generation = this.#generation
      try {
        const { errorCode } = await this.#requests.heartbeat(this.#memberId, generation)
        if (errorCode === ErrorCode.NONE || generation !== this.#generation || this.#phase !== 'settled') continue
        if (errorCode === ErrorCode.UNKNOWN_MEMBER_ID) this.#lost()
        else if (errorCode !== ErrorCode.REBALANCE_IN_PROGRESS && errorCode !== ErrorCode.ILLEGAL_GENERATION) {
          check(errorCode, `heartbeat to group ${groupId}`, 'group-membership')
        }
        this.#again.resolve()
      } catch (error) {
        if (signal.aborted) return
        this.#cluster.logger.debug({ err: error, groupId }, `A heartbeat failed: ${(error as Error).message}`)
        this.#coordinator.forget()
      }
    }
  }
}
