import { ConnectError, type Logger } from '../../../framework/api/index.ts'
import { Background, Backoff, sleep } from '../../../framework/flow/index.ts'
import { AskedMove, moveError } from './asked-move.ts'
import type { ClusterSide } from './cluster-side.ts'
import { ControlGroup } from './control-group.ts'
import { type Decision, decide, type Standing } from './decide.ts'
import { type MemberView, mergeConsumed } from './member-view.ts'
import { MoveRecords } from './move-records.ts'
import type { Mover } from './mover.ts'
import { isLater, type Placement } from './placement.ts'
import type { FailoverMove } from './status.ts'
import type { TopicPair } from './topic-pairs.ts'

const BACKOFF = { initialMs: 500, maxMs: 5_000 }

export interface AgreementOptions {
  /** Of this member, for people. */
  readonly name: string
  readonly preferred: string
  readonly pairs: readonly TopicPair[]
  readonly controlGroup: string
  readonly controlSessionTimeoutMs: number
  readonly sides: ReadonlyMap<string, ClusterSide>
  readonly mover: Mover
  readonly logger: Logger
  /** Alias of the cluster that handlers may be busy with. */
  readonly consuming: () => string | null
  readonly consumedOn: (alias: string) => ReadonlyMap<string, number>
  readonly onChange: () => void
}

/** A member's part in the agreement on where its group consumes, on both clusters at once. */
export class Agreement {
  readonly #options: AgreementOptions
  readonly #controls = new Map<string, ControlGroup>()
  readonly #known = new Set<string>()
  readonly #troubles = new Map<string, string>()
  readonly #records: MoveRecords
  readonly #closing = new AbortController()
  readonly #background: Background
  #views: readonly MemberView[] = []
  #place: Placement | null = null
  #next: Placement | null = null
  #standing: Standing | null = null
  #lastMove: FailoverMove | null = null
  #ask: AskedMove | null = null
  #refused: MemberView['refused'] = null
  #isReady = false
  #carrying = -1

  constructor(options: AgreementOptions) {
    const { sides, controlGroup, controlSessionTimeoutMs, logger } = options
    this.#options = options
    this.#records = new MoveRecords(options)
    this.#background = new Background((error, what) => logger.error({ err: error }, `${what} failed`))
    for (const [alias, side] of sides) {
      const control = new ControlGroup(side.cluster, {
        groupId: controlGroup,
        sessionTimeoutMs: controlSessionTimeoutMs,
        view: () => this.#view(),
        decide: views => this.#decide(alias, views),
        onDecision: (decision, isLeader) => this.#decided(alias, decision, isLeader),
        onTrouble: error =>
          this.#trouble(alias, error === null ? null : `the members cannot agree on ${alias}: ${error.message}`),
      })
      this.#controls.set(alias, control)
    }
  }

  /** Where the group consumes; null until both clusters have told, or the one that does not is gone. */
  get place(): Placement | null {
    this.#isReady ||= [...this.#options.sides].every(([alias, side]) => this.#known.has(alias) || side.watch.isGone)
    return this.#isReady ? this.#place : null
  }

  /** A move under way: nothing may be consumed. */
  get next(): Placement | null {
    return this.#next
  }

  get standing(): Standing | null {
    return this.#standing
  }

  get lastMove(): FailoverMove | null {
    return this.#lastMove
  }

  /** What keeps the members from agreeing or moving; null = nothing. */
  get trouble(): string | null {
    const isGone = (key: string): boolean => this.#options.sides.get(key)?.watch.isGone === true
    return [...this.#troubles].find(([key]) => !isGone(key))?.[1] ?? null
  }

  /** Whether this member speaks for the others on that cluster. */
  leads(alias: string): boolean {
    return this.#controls.get(alias)?.isLeader ?? false
  }

  start(): void {
    for (const control of this.#controls.values()) control.start()
  }

  /** What this member sees has changed. */
  tell(): void {
    if (this.#next !== null && this.#options.sides.get(this.#next.active)?.watch.isGone === true) this.#next = null
    for (const control of this.#controls.values()) control.tell()
  }

  /**
   * Asks the others to move. Resolves when the group is there; rejects with a `ConnectError` when it does not go: CLUSTER_GONE, GROUP_IN_USE,
   * MOVE_REFUSED, MOVE_SUPERSEDED, NOT_AGREED.
   */
  async moveTo(to: string, timeoutMs: number): Promise<void> {
    const { place } = this
    const side = this.#options.sides.get(to)
    if (side === undefined) throw moveError('UNKNOWN_CLUSTER', `${to} is none of the clusters`)
    if (place === null) throw moveError('NOT_AGREED', 'it is not known yet where the group consumes; try again')
    if (place.active === to) return
    if (side.watch.isGone) throw moveError('CLUSTER_GONE', `${to} does not answer: ${side.watch.reason}`)
    await this.#options.mover.untilFree(side, this.#closing.signal)
    if (this.place?.epoch !== place.epoch) return this.moveTo(to, timeoutMs)
    this.#ask?.fail('MOVE_SUPERSEDED', `another move to ${to} was asked for`)
    const asked = new AskedMove(to, place.epoch + 1)
    this.#ask = asked
    try {
      this.tell()
      await asked.outcome(timeoutMs, () => this.trouble ?? 'a member does not stop')
    } finally {
      if (this.#ask === asked) this.#ask = null
      this.tell()
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#ask?.fail('STOPPED', 'the consumer was stopped')
    await Promise.all([...this.#controls.values()].map(control => control.close()))
    await this.#background.settled()
  }

  #view(): MemberView {
    const { name, sides, consuming, consumedOn } = this.#options
    const gone = [...sides.values()].filter(({ watch }) => watch.isGone).map(({ alias }) => alias)
    const active = this.#place?.active ?? ''
    return {
      name,
      place: this.#place,
      gone,
      consuming: consuming(),
      ask: this.#ask === null ? null : { to: this.#ask.to, epoch: this.#ask.epoch },
      refused: this.#refused,
      consumed: gone.includes(active) ? Object.fromEntries(consumedOn(active)) : {},
    }
  }

  async #decide(here: string, views: readonly MemberView[]): Promise<Decision> {
    const record = await this.#records.read(here)
    this.#views = views
    return decide({ here, views, record, preferred: this.#options.preferred })
  }

  #decided(here: string, decision: Decision, isLeader: boolean): void {
    this.#known.add(here)
    this.#learn(decision.place)
    if (decision.kind === 'here') this.#settled(here)
    else if (decision.kind === 'stay') this.#stays(here, decision)
    else if (decision.next.epoch > (this.#place?.epoch ?? 0)) {
      this.#next = decision.next
      this.#standing = decision.standing
      if (isLeader && decision.kind === 'set') this.#carryOut(decision.next)
    }
    if (isLeader && this.#records.lacks(here, decision.place)) this.#store(here, decision.place)
    this.#changed()
  }

  #settled(here: string): void {
    if (this.#next?.active === here) this.#next = null
    if (this.#place?.active === here) this.#standing = null
  }

  #stays(here: string, { standing, refused }: Extract<Decision, { kind: 'stay' }>): void {
    if (this.#next?.active === here) this.#next = null
    this.#standing = standing.unreachable > 0 ? standing : null
    if (refused !== null && this.#ask?.to === here) this.#ask.fail('MOVE_REFUSED', refused)
    else if (refused !== null && this.#ask === null) this.#refused = null
  }

  #learn(place: Placement): void {
    const before = this.#place
    if (before !== null && !isLater(place, before)) return
    this.#place = place
    if (this.#next !== null && this.#next.epoch <= place.epoch) this.#next = null
    if (this.#refused !== null && this.#refused.epoch <= place.epoch) this.#refused = null
    if (before !== null && this.#lastMove?.epoch !== place.epoch) this.#lastMove = moveOf(place, null)
    const { logger } = this.#options
    if (before !== null)
      logger.info({ epoch: place.epoch }, `The group consumes ${place.active} (move ${place.epoch}, ${place.cause})`)
    this.#ask?.learned(place)
  }

  /** Once per move, for as long as this member leads; a new leader begins anew. */
  #carryOut(next: Placement): void {
    if (this.#carrying === next.epoch) return
    this.#carrying = next.epoch
    this.#background.run(`Move ${next.epoch} to ${next.active}`, async () => {
      try {
        await this.#move(next)
      } finally {
        this.#carrying = -1
      }
    })
  }

  async #move(next: Placement): Promise<void> {
    const { signal } = this.#closing
    const { sides, mover, logger } = this.#options
    const from = sides.get(next.from ?? '')
    const to = sides.get(next.active)
    const [left, control] = [this.#controls.get(next.from ?? ''), this.#controls.get(next.active)]
    if (from === undefined || to === undefined || control === undefined) return
    const backoff = new Backoff(BACKOFF)
    while (!signal.aborted && this.#next?.epoch === next.epoch && this.leads(next.active)) {
      try {
        const positions = await mover.move(next, from, to, mergeConsumed(this.#views), signal)
        if (!this.leads(next.active)) return
        await this.#records.write(to.alias, control, next)
        if (left !== undefined && !from.watch.isGone) await this.#records.writeSoon(from.alias, left, next, signal)
        this.#lastMove = moveOf(next, positions)
        this.#trouble('move', null)
        this.#learn(next)
        this.#changed()
        return
      } catch (error) {
        if (!(error instanceof ConnectError)) throw error
        if (await this.#isDoneBy(to, next)) return
        const cause = `move ${next.epoch} to ${next.active}: ${error.message}`
        logger.warn({ err: error, epoch: next.epoch }, `${cause}; to be tried again`)
        this.#trouble('move', cause)
        if (next.cause === 'asked' && !from.watch.isGone) {
          this.#refused = { epoch: next.epoch, cause: error.message }
          this.#trouble('move', null)
          this.#changed()
          return
        }
        await sleep(backoff.next(), signal)
      }
    }
  }

  /** A leader before this one, or after it, may have been faster. */
  async #isDoneBy({ alias }: ClusterSide, next: Placement): Promise<boolean> {
    const record = await this.#records.read(alias).catch((error: unknown) => {
      this.#options.logger.debug({ err: error, cluster: alias }, `Whether another member has made the move is not known`)
      return null
    })
    if (record === null || record.epoch < next.epoch) return false
    this.#learn(record)
    this.#changed()
    return true
  }

  /** A cluster that came back learns of moves made meanwhile. */
  #store(here: string, place: Placement): void {
    const control = this.#controls.get(here)
    if (control !== undefined) {
      this.#background.run(`Storing move ${place.epoch} on ${here}`, () => this.#records.tryWrite(here, control, place))
    }
  }

  #trouble(key: string, cause: string | null): void {
    if (this.#troubles.get(key) === (cause ?? undefined)) return
    if (cause === null) this.#troubles.delete(key)
    else this.#troubles.set(key, cause)
    this.#options.onChange()
  }

  #changed(): void {
    this.#options.onChange()
    this.tell()
  }
}

const moveOf = ({ epoch, from, active, cause }: Placement, positions: FailoverMove['positions']): FailoverMove => ({
  epoch,
  from,
  to: active,
  cause,
  positions,
})
