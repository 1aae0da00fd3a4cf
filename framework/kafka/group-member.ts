import { BehaviorSubject, type Observable } from 'rxjs'
import { ConnectError } from '../api/index.ts'
import { Background, Backoff, type Deferred, deferred, sleep } from '../flow/index.ts'
import { type Cluster, check } from './cluster.ts'
import { blockedMessage, describeBlocking } from './group-member/blocking.ts'
import { type Assignment, assign, decodeAssignment, encodeClaim } from './group-member/claim.ts'
import { Coordinator } from './group-member/coordinator.ts'
import { codeOf, membershipError } from './group-member/errors.ts'
import { beatRegularly } from './group-member/heartbeats.ts'
import { Lease } from './group-member/lease.ts'
import { GroupRequests } from './group-member/requests.ts'
import type { GroupMemberOptions, GroupMemberState } from './group-member/state.ts'
import { ErrorCode } from './protocol/error-codes.ts'
import { backoffOf } from './retry.ts'

export type { BlockingMember } from './group-member/blocking.ts'
export type { GroupMemberOptions, GroupMemberState } from './group-member/state.ts'

/** Of Connect's type, so that Java's workers are kept out. */
const PROTOCOL = { type: 'connect', names: ['isthmus-mirror-v1'] }
const NO_GENERATION = -1
/** Between attempts to join a group that others keep us out of. */
const BLOCKED_BACKOFF = { initialMs: 200, maxMs: 2_000 }
const MAX_MARGIN_MS = 1_000

/**
 * Membership of a consumer-protocol group as a lock with stand-by: of all members one is active. The group is of Connect's protocol
 * type but with a protocol of its own, so a broker lets either our members in or Java's workers, never both.
 *
 * The active member stays active while the group rebalances and while brokers fail, as long as it may be sure that the coordinator
 * keeps its place; it leaves that state on its own before another can be given it. Members join again by themselves.
 */
export class GroupMember {
  readonly #cluster: Cluster
  readonly #options: GroupMemberOptions
  readonly #coordinator: Coordinator
  readonly #requests: GroupRequests
  readonly #lease: Lease
  readonly #since = Date.now()
  readonly #state = new BehaviorSubject<GroupMemberState>({ kind: 'joining' })
  readonly #stopping = new AbortController()
  readonly #background: Background
  #current: GroupMemberState = { kind: 'joining' }
  #memberId = ''
  #generation = NO_GENERATION
  #phase: 'rebalancing' | 'settled' = 'rebalancing'
  #rejoin: Deferred<void> = deferred()
  #leaseTimer: NodeJS.Timeout | null = null
  #unanswered: { readonly times: number; readonly error: unknown } | undefined

  /**
   * Begins to join at once.
   * @param cluster stays the caller's, to close after the member has left
   * @param signal aborted = stop at once without leaving: the others wait for the session timeout
   */
  static join(cluster: Cluster, options: GroupMemberOptions, signal: AbortSignal): GroupMember {
    const member = new GroupMember(cluster, options)
    if (signal.aborted) member.#stop()
    else signal.addEventListener('abort', () => member.#stop(), { once: true, signal: member.#stopping.signal })
    return member
  }

  private constructor(cluster: Cluster, options: GroupMemberOptions) {
    this.#cluster = cluster
    this.#options = options
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs } = options
    this.#coordinator = new Coordinator(cluster, groupId, Math.ceil(sessionTimeoutMs / 3))
    this.#requests = new GroupRequests(this.#coordinator, PROTOCOL, options, cluster.settings.requestTimeoutMs)
    this.#lease = new Lease({ sessionTimeoutMs, rebalanceTimeoutMs, marginMs: Math.min(MAX_MARGIN_MS, sessionTimeoutMs / 5) })
    this.#background = new Background(error => this.#fail(error))
    this.#background.run(`membership of group ${groupId}`, () => this.#run())
    this.#background.run(`heartbeats to group ${groupId}`, () =>
      beatRegularly(cluster, this.#coordinator, options.heartbeatIntervalMs, this.#stopping.signal, () => this.#beat()),
    )
  }

  /** The present state, then each new one; completes after `left`. Errors with a `ConnectError` when joining again cannot help. */
  get state$(): Observable<GroupMemberState> {
    return this.#state
  }

  get state(): GroupMemberState {
    return this.#current
  }

  /** Asks the clock too: exact even when a busy event loop has kept the state from changing. */
  get isActive(): boolean {
    return this.#current.kind === 'active' && performance.now() < this.#lease.expiresAtMs
  }

  /** Why heartbeats are not answered; undefined = they are, or one was not, which may be a coordinator that has moved. */
  get trouble(): unknown {
    return this.#unanswered !== undefined && this.#unanswered.times > 1 ? this.#unanswered.error : undefined
  }

  /** Leaves at once, so that another takes over without delay. Finish what only the active member may do first. */
  async leave(): Promise<void> {
    const { groupId } = this.#options
    if (!this.#stopping.signal.aborted) {
      this.#stopping.abort()
      this.#enter({ kind: 'left' })
      try {
        if (this.#memberId !== '') await this.#requests.leave(this.#memberId)
      } catch (error) {
        this.#cluster.logger.debug({ err: error, groupId }, `Group ${groupId} finds out by the session timeout that we left`)
      }
      this.#stop()
    }
    await this.#background
      .settled()
      .catch((error: unknown) => this.#cluster.logger.debug({ err: error, groupId }, 'Told by state$ before'))
  }

  #stop(): void {
    this.#end()
    this.#state.complete()
  }

  #fail(error: unknown): void {
    this.#end()
    this.#state.error(membershipError(error, this.#options))
  }

  #end(): void {
    this.#stopping.abort()
    this.#options.rebalances?.ended()
    this.#enter({ kind: 'left' })
    this.#rejoin.resolve()
    this.#coordinator.close()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    const backoff = backoffOf(this.#cluster)
    const blockedBackoff = new Backoff(BLOCKED_BACKOFF)
    while (!signal.aborted) {
      try {
        const assignment = await this.#rebalance()
        if (signal.aborted) return
        backoff.reset()
        blockedBackoff.reset()
        this.#assigned(assignment)
        await this.#rejoin.promise
      } catch (error) {
        if (signal.aborted) return
        if (codeOf(error) === ErrorCode.INCONSISTENT_GROUP_PROTOCOL) {
          await this.#lookWhoBlocks()
          await sleep(blockedBackoff.next(), signal)
        } else {
          this.#recover(error)
          await sleep(backoff.next(), signal)
        }
      }
    }
  }

  /** One round of JoinGroup and SyncGroup. An active member claims to stay so. */
  async #rebalance(): Promise<Assignment | null> {
    this.#phase = 'rebalancing'
    this.#rejoin = deferred()
    this.#options.rebalances?.begun()
    const claim = { id: this.#options.clientInfo, active: this.isActive, since: this.#since }
    const joined = await this.#requests.join(this.#memberId, encodeClaim(claim), memberId => {
      this.#memberId = memberId
    })
    this.#memberId = joined.memberId
    this.#generation = joined.generationId
    const assignments = joined.leader === joined.memberId ? assign(joined.members) : []
    const { assignment, sentAtMs } = await this.#requests.sync(joined, assignments)
    this.#lease.settled(sentAtMs)
    this.#phase = 'settled'
    this.#options.rebalances?.completed(joined.generationId)
    return decodeAssignment(assignment)
  }

  #assigned(assignment: Assignment | null): void {
    if (assignment?.active !== this.#memberId) this.#enter({ kind: 'standby', activeInfo: assignment?.id ?? 'unknown' })
    else if (performance.now() < this.#lease.expiresAtMs) {
      this.#enter({ kind: 'active' })
      this.#watchLease()
    } else this.#stepDown('it took too long to hear from the coordinator')
  }

  /** After a failed attempt to join; throws when another would fail as well. */
  #recover(error: unknown): void {
    const code = codeOf(error)
    if (code === ErrorCode.UNKNOWN_MEMBER_ID) this.#lost()
    else if (code !== ErrorCode.REBALANCE_IN_PROGRESS && code !== ErrorCode.ILLEGAL_GENERATION) {
      if (!(error instanceof ConnectError) || !error.retriable) throw error
      this.#coordinator.forget()
    }
    const { groupId } = this.#options
    this.#cluster.logger.debug({ err: error, groupId }, `Joining group ${groupId} again: ${(error as Error).message}`)
  }

  async #lookWhoBlocks(): Promise<void> {
    const { groupId } = this.#options
    this.#lost()
    try {
      const by = await describeBlocking(await this.#coordinator.connection('heartbeat'), groupId)
      if (by?.length === 0) return
      const message = blockedMessage(groupId, by)
      if (this.#current.kind === 'blocked' && this.#current.message === message) return
      this.#cluster.logger.warn({ groupId, by }, message)
      this.#enter({ kind: 'blocked', by, message })
    } catch (error) {
      this.#recover(error)
    }
  }

  async #beat(): Promise<void> {
    try {
      await this.#heartbeat()
      this.#unanswered = undefined
    } catch (error) {
      this.#unanswered = { times: (this.#unanswered?.times ?? 0) + 1, error }
      throw error
    }
  }

  /** Also while a join is pending: the coordinator answers by the old generation until the new one begins. */
  async #heartbeat(): Promise<void> {
    if (this.#generation === NO_GENERATION) return
    const { groupId } = this.#options
    const memberId = this.#memberId
    const generation = this.#generation
    const phase = this.#phase
    const { errorCode, sentAtMs } = await this.#requests.heartbeat(memberId, generation)
    const isCurrent = memberId === this.#memberId && generation === this.#generation
    if (errorCode === ErrorCode.NONE && phase === 'settled') this.#lease.settled(sentAtMs)
    else if (errorCode === ErrorCode.NONE || errorCode === ErrorCode.REBALANCE_IN_PROGRESS) this.#lease.rebalancing(sentAtMs)
    if (errorCode === ErrorCode.NONE || !isCurrent) return
    if (errorCode === ErrorCode.REBALANCE_IN_PROGRESS) this.#joinAgain()
    else if (errorCode === ErrorCode.UNKNOWN_MEMBER_ID) this.#lost()
    else if (errorCode === ErrorCode.ILLEGAL_GENERATION) {
      if (this.#phase === 'settled') this.#stepDown('the group went on without us')
    } else check(errorCode, `heartbeat to group ${groupId}`, 'group-membership')
  }

  /** The coordinator no longer has us as a member. */
  #lost(): void {
    this.#memberId = ''
    this.#generation = NO_GENERATION
    this.#lease.lost()
    this.#stepDown('the coordinator no longer knows us')
  }

  #stepDown(reason: string): void {
    if (this.#current.kind === 'active') {
      const { groupId } = this.#options
      this.#cluster.logger.warn({ groupId }, `No longer the active member of group ${groupId}: ${reason}; joining again`)
    }
    if (this.#current.kind === 'active' || this.#current.kind === 'standby') this.#enter({ kind: 'joining' })
    this.#joinAgain()
  }

  #joinAgain(): void {
    if (this.#phase === 'settled') this.#rejoin.resolve()
  }

  #watchLease(): void {
    if (this.#leaseTimer !== null || this.#current.kind !== 'active') return
    const leftMs = this.#lease.expiresAtMs - performance.now()
    if (leftMs <= 0) {
      this.#stepDown('no heartbeat was answered in time')
      return
    }
    this.#leaseTimer = setTimeout(() => {
      this.#leaseTimer = null
      this.#watchLease()
    }, leftMs)
  }

  #enter(state: GroupMemberState): void {
    const before = this.#current
    if (before.kind === 'left' || (before.kind === state.kind && JSON.stringify(before) === JSON.stringify(state))) return
    this.#current = state
    if (state.kind !== 'active' && this.#leaseTimer !== null) {
      clearTimeout(this.#leaseTimer)
      this.#leaseTimer = null
    }
    const { groupId } = this.#options
    this.#cluster.logger.info({ groupId, state: state.kind }, `Member of group ${groupId}: ${before.kind} → ${state.kind}`)
    this.#state.next(state)
  }
}
