import { ConnectError } from '../api/index.ts'
import { Background, type Deferred, deferred, Seldom, sleep } from '../flow/index.ts'
import { abortable } from './abortable.ts'
import { type Cluster, check } from './cluster.ts'
import { MemberOffsets } from './consumer-group/member-offsets.ts'
import type { GroupPosition } from './consumer-group/offsets.ts'
import type { ConsumerGroupListener, ConsumerGroupOptions } from './consumer-group/options.ts'
import { TopicWatch } from './consumer-group/topic-watch.ts'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  nameOf,
  type TopicPartition,
} from './consumer-group/wire.ts'
import { Coordinator } from './group-member/coordinator.ts'
import { codeOf, membershipError } from './group-member/errors.ts'
import { beatRegularly } from './group-member/heartbeats.ts'
import { GroupRequests, type Joined, type MemberAssignment } from './group-member/requests.ts'
import { ErrorCode } from './protocol/error-codes.ts'
import { backoffOf } from './retry.ts'

const PROTOCOL_TYPE = 'consumer'
const NO_GENERATION = -1
/** Failures to join before they are worth a warning. */
const QUIET_ATTEMPTS = 5

/**
 * A member of a classic consumer group, beside Java consumers if need be. It only holds partitions and commits; reading is its owner's affair,
 * and nothing depends on how long that takes: heartbeats have a connection of their own.
 */
export class ConsumerGroup {
  readonly #cluster: Cluster
  readonly #options: ConsumerGroupOptions
  readonly #warnings = new Seldom()
  readonly #listener: ConsumerGroupListener
  readonly #coordinator: Coordinator
  readonly #requests: GroupRequests
  readonly #offsets: MemberOffsets
  readonly #watch: TopicWatch
  readonly #background: Background
  readonly #isEager: boolean
  /** No joining any more. */
  readonly #leaving = new AbortController()
  /** No heartbeats any more either. */
  readonly #ended = new AbortController()
  readonly #joining: Promise<void>
  #memberId = ''
  #generation = NO_GENERATION
  /** The generation that `#owned` was assigned in. */
  #assignedIn = NO_GENERATION
  #owned: readonly TopicPartition[] = []
  #phase: 'rebalancing' | 'settled' = 'rebalancing'
  #rejoin: Deferred<void> = deferred()
  #isLost = false
  /** The topics have changed since the last join was sent. */
  #isStale = false

  /**
   * Begins to join at once.
   * @param cluster stays the caller's, to close after the member has left
   */
  constructor(cluster: Cluster, options: ConsumerGroupOptions, listener: ConsumerGroupListener) {
    const { groupId, sessionTimeoutMs, heartbeatIntervalMs, selection, assignors } = options
    this.#cluster = cluster
    this.#options = options
    this.#listener = listener
    this.#isEager = assignors.some(({ rebalance }) => rebalance === 'eager')
    const protocol = { type: PROTOCOL_TYPE, names: assignors.map(({ name }) => name) }
    this.#coordinator = new Coordinator(cluster, groupId, Math.ceil(sessionTimeoutMs / 3))
    this.#requests = new GroupRequests(this.#coordinator, protocol, options, cluster.settings.requestTimeoutMs)
    this.#offsets = new MemberOffsets(cluster, this.#coordinator, groupId, {
      identity: () => ({ memberId: this.#memberId, generationId: this.#generation }),
      owns: partition => this.#owns(partition),
      lost: how => this.#lostIfSo(how),
    })
    this.#watch = new TopicWatch(cluster, selection, groupId)
    this.#background = new Background(error => this.#fail(error))
    const joining = deferred()
    this.#joining = joining.promise
    this.#background.run(`membership of group ${groupId}`, () => this.#run().finally(() => joining.resolve()))
    this.#background.run(`heartbeats to group ${groupId}`, () =>
      beatRegularly(cluster, this.#coordinator, heartbeatIntervalMs, this.#ended.signal, () => this.#heartbeat()),
    )
    this.#background.run(`topics of group ${groupId}`, () => this.#watch.watch(this.#ended.signal, () => this.#topicsChanged()))
  }

  /** -1 = not a member at present. Every rebalance makes another one. */
  get generationId(): number {
    return this.#generation
  }

  /** What the group has committed of these partitions; those without an offset are left out. Tries until it succeeds or the signal aborts. */
  committed(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<readonly GroupPosition[]> {
    return this.#offsets.fetch(partitions, signal)
  }

  /**
   * Commits on behalf of this member; tries again while coordinators change and the group rebalances. Resolves with what was committed: not
   * with partitions that are not this member's any more. Rejects when a broker refuses for good, or the signal aborts first.
   */
  commit(positions: readonly GroupPosition[], signal: AbortSignal): Promise<readonly GroupPosition[]> {
    return this.#offsets.commit(positions, signal)
  }

  /** Gives the partitions back as in a rebalance (`revoked`), then leaves, so that others take over without delay. */
  async leave(): Promise<void> {
    const { groupId } = this.#options
    this.#leaving.abort()
    this.#rejoin.resolve()
    await this.#joining
    if (!this.#ended.signal.aborted) {
      try {
        if (this.#memberId !== '') await this.#requests.leave(this.#memberId)
      } catch (error) {
        this.#cluster.logger.debug({ err: error, groupId }, `Group ${groupId} finds out by the session timeout that we left`)
      }
      this.#end()
    }
    await this.#background.settled().catch((error: unknown) => this.#cluster.logger.debug({ err: error, groupId }, 'Told before'))
  }

  /** Leaves without waiting for anything and without telling the listener. */
  abandon(): void {
    if (this.#ended.signal.aborted) return
    this.#owned = []
    this.#leaving.abort()
    this.#ended.abort()
    this.#rejoin.resolve()
    const left = this.#memberId === '' ? Promise.resolve() : this.#requests.leave(this.#memberId)
    const close = (): void => this.#coordinator.close()
    left.then(close, close)
  }

  async #run(): Promise<void> {
    const { signal } = this.#leaving
    const backoff = backoffOf(this.#cluster)
    while (!signal.aborted) {
      try {
        this.#options.rebalances?.begun()
        await this.#dropLost()
        const isDone = await this.#round()
        backoff.reset()
        if (!isDone || this.#isStale || this.#isLost) continue
        this.#options.rebalances?.completed(this.#generation)
        await this.#rejoin.promise
      } catch (error) {
        if (signal.aborted) break
        await this.#recover(error, backoff.attempts)
        await sleep(backoff.next(), signal)
      }
    }
    await this.#dropLost()
    await this.#revoke(this.#owned)
  }

  /** Gives back what has to be, joins, and takes what is assigned. False when another round has to follow at once. */
  async #round(): Promise<boolean> {
    if (this.#watch.topics.length === 0) await this.#watch.look()
    const isKept = ({ topic }: TopicPartition): boolean => !this.#isEager && this.#watch.topics.includes(topic)
    await this.#revoke(this.#owned.filter(partition => !isKept(partition)))
    const assigned = await abortable(this.#join(), this.#leaving.signal, 'joining')
    const has = new Set(assigned.map(nameOf))
    const had = new Set(this.#owned.map(nameOf))
    const moving = this.#owned.filter(partition => !has.has(nameOf(partition)))
    await this.#revoke(moving)
    this.#owned = assigned
    const added = assigned.filter(partition => !had.has(nameOf(partition)))
    if (added.length > 0 && !this.#isLost) await this.#listener.assigned(added)
    return moving.length === 0
  }

  async #join(): Promise<readonly TopicPartition[]> {
    this.#phase = 'rebalancing'
    this.#isStale = false
    this.#rejoin = deferred()
    const { rack = null } = this.#cluster.settings
    const said = { topics: this.#watch.topics, owned: this.#owned, generationId: this.#assignedIn, rack }
    const joined = await this.#requests.join(this.#memberId, encodeSubscription(said), memberId => {
      this.#memberId = memberId
    })
    this.#memberId = joined.memberId
    this.#generation = joined.generationId
    const { assignment } = await this.#requests.sync(joined, await this.#share(joined))
    this.#assignedIn = joined.generationId
    this.#phase = 'settled'
    const assigned = decodeAssignment(assignment)
    const { groupId } = this.#options
    const { generationId, protocolName } = joined
    this.#cluster.logger.info(
      { groupId, generationId, protocolName, partitions: assigned.map(nameOf) },
      `Group ${groupId}, generation ${generationId}: ${assigned.length} partitions are assigned to this member`,
    )
    return assigned
  }

  /** What each member gets, by the leader. */
  async #share({ leader, memberId, members, protocolName }: Joined): Promise<readonly MemberAssignment[]> {
    const assignor = this.#options.assignors.find(({ name }) => name === protocolName)
    if (leader !== memberId || assignor === undefined) {
      this.#watch.follow()
      return []
    }
    const subscribed = members.map(({ memberId, metadata }) => ({ memberId, subscription: decodeSubscription(metadata) }))
    const counts = await this.#watch.countPartitions(subscribed.flatMap(({ subscription }) => subscription.topics))
    return [...assignor.assign(subscribed, counts)].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeAssignment(partitions),
    }))
  }

  async #revoke(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return
    await this.#listener.revoked(partitions)
    this.#owned = this.#owned.filter(partition => !partitions.includes(partition))
  }

  async #dropLost(): Promise<void> {
    if (!this.#isLost) return
    const lost = this.#owned
    this.#owned = []
    this.#isLost = false
    if (lost.length > 0) await this.#listener.lost(lost)
  }

  /** After a failed attempt to join; throws when another would fail as well. */
  async #recover(error: unknown, attempts: number): Promise<void> {
    const { groupId } = this.#options
    const code = codeOf(error)
    if (code === ErrorCode.UNKNOWN_MEMBER_ID) this.#lost('unknown')
    else if (code === ErrorCode.ILLEGAL_GENERATION) this.#lost('left behind')
    else if (code !== ErrorCode.REBALANCE_IN_PROGRESS) {
      if (!(error instanceof ConnectError) || !error.retriable) {
        this.#isLost = true
        await this.#dropLost()
        throw error
      }
      this.#coordinator.forget()
    }
    const level = attempts < QUIET_ATTEMPTS ? 'debug' : this.#warnings.level('warn')
    this.#cluster.logger[level]({ err: error, groupId }, `Joining group ${groupId} again: ${(error as Error).message}`)
  }

  /** Also while a join is pending or partitions are given back: the coordinator answers by the old generation until the new one begins. */
  async #heartbeat(): Promise<void> {
    if (this.#generation === NO_GENERATION) return
    const memberId = this.#memberId
    const generation = this.#generation
    const { errorCode } = await this.#requests.heartbeat(memberId, generation)
    if (errorCode === ErrorCode.NONE || memberId !== this.#memberId || generation !== this.#generation) return
    if (errorCode === ErrorCode.REBALANCE_IN_PROGRESS) this.#joinAgain()
    else if (errorCode === ErrorCode.UNKNOWN_MEMBER_ID) this.#lostIfSo('unknown')
    else if (errorCode === ErrorCode.ILLEGAL_GENERATION) this.#lostIfSo('left behind')
    else check(errorCode, 'heartbeat', 'group-membership')
  }

  /** While a join is pending, the group may have gone on to the generation that we are about to hear of. */
  #lostIfSo(how: 'unknown' | 'left behind'): void {
    if (how === 'unknown' || this.#phase === 'settled') this.#lost(how)
  }

  #topicsChanged(): void {
    this.#isStale = true
    this.#joinAgain()
  }

  /** `left behind`: the group went on without us, our member id is still known. */
  #lost(how: 'unknown' | 'left behind'): void {
    if (how === 'unknown') this.#memberId = ''
    this.#generation = NO_GENERATION
    this.#assignedIn = NO_GENERATION
    this.#isLost = true
    const { groupId } = this.#options
    const partitions = this.#owned.map(nameOf)
    const message = `Group ${groupId} has gone on without this member: joining again`
    if (partitions.length > 0) this.#cluster.logger.warn({ groupId, partitions }, message)
    this.#joinAgain()
  }

  #joinAgain(): void {
    if (this.#phase === 'settled') this.#rejoin.resolve()
  }

  #owns(partition: TopicPartition): boolean {
    return !this.#isLost && this.#owned.some(owned => nameOf(owned) === nameOf(partition))
  }

  #end(): void {
    this.#leaving.abort()
    this.#ended.abort()
    this.#rejoin.resolve()
    this.#coordinator.close()
  }

  #fail(error: unknown): void {
    this.#end()
    this.#listener.failed(membershipError(error, this.#options))
  }
}
