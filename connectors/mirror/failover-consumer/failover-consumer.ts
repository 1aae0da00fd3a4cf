import { hostname } from 'node:os'
import { BehaviorSubject, type Observable } from 'rxjs'
import { Agreement } from './agreement.ts'
import { AutomaticFailback } from './automatic-failback.ts'
import { ClusterSide } from './cluster-side.ts'
import { Consumption } from './consumption.ts'
import { Mover } from './mover.ts'
import { type CheckedOptions, checkOptions, type FailoverConsumerOptions } from './options.ts'
import type { FailoverState, FailoverStatus } from './status.ts'

/** Beyond the times of the options, for rounds of the agreement. */
const AGREEMENT_SESSIONS = 3

/**
 * A kafkajs consumer with a second cluster to go on with: consumes topics and their copies on one cluster, notices that the cluster is gone,
 * sets its group on the other one to where it stood, and goes on there; and back, when told or by itself. All members of the group move
 * together. Delivery is at least once, as of any consumer that commits after its handler.
 *
 * @example
 * const consumer = new FailoverConsumer({
 *   group: 'billing',
 *   topics: ['orders'],
 *   clusters: { A: clientConfigOf('mm2.properties', 'A'), B: clientConfigOf('mm2.properties', 'B') },
 *   preferred: 'A',
 *   eachMessage: async ({ cluster, originalTopic, message }) => bill(message.value),
 * })
 * consumer.state$.subscribe(({ state, cluster, cause }) => console.log(state, cluster, cause))
 * consumer.start()
 * await consumer.moveTo('A') // after a failover, when A is back
 * await consumer.stop()
 */
export class FailoverConsumer {
  readonly #options: CheckedOptions
  readonly #sides: ReadonlyMap<string, ClusterSide>
  readonly #consumption: Consumption
  readonly #agreement: Agreement
  readonly #failback: AutomaticFailback
  readonly #status: BehaviorSubject<FailoverStatus>
  #trouble: string | null = null
  #phase: 'new' | 'running' | 'stopping' | 'stopped' = 'new'
  #stopping: Promise<void> | null = null

  /** @throws ConfigError with every problem */
  constructor(options: FailoverConsumerOptions) {
    const checked = checkOptions(options)
    const { clientId, failoverAfterMs, logger, clusters, group, consumer: settings } = checked
    const onChange = (): void => this.#changed()
    this.#options = checked
    this.#sides = new Map(
      Object.entries(clusters).map(([alias, properties]) => [
        alias,
        new ClusterSide(alias, properties, { clientId, failoverAfterMs, logger, onChange }),
      ]),
    )
    this.#consumption = new Consumption({
      ...checked,
      settings,
      handlers: checked,
      onChange,
      onTrouble: cause => {
        this.#trouble = cause
        onChange()
      },
    })
    const mover = new Mover(checked)
    this.#agreement = new Agreement({
      ...checked,
      name: `${clientId}@${hostname()}/${process.pid}`,
      sides: this.#sides,
      mover,
      consuming: () => this.#consumption.on,
      consumedOn: alias => this.#consumption.consumedOn(alias),
      onChange,
    })
    this.#failback = new AutomaticFailback({
      ...checked,
      sides: this.#sides,
      mover,
      agreement: this.#agreement,
      move: () => this.moveTo(checked.preferred),
    })
    const first = { state: 'STARTING', sinceMs: Date.now(), cluster: null, cause: null, standing: null, lastMove: null } as const
    this.#status = new BehaviorSubject<FailoverStatus>(first)
    logger.debug({ group, controlGroup: checked.controlGroup }, `Group ${group} can fail over`)
  }

  get status(): FailoverStatus {
    return this.#status.value
  }

  /** The present status, then each new one; completes after `STOPPED`. */
  get state$(): Observable<FailoverStatus> {
    return this.#status
  }

  /** Begins at once; what becomes of it is in the status. Once only. */
  start(): void {
    if (this.#phase !== 'new') throw new Error('a FailoverConsumer is started once')
    this.#phase = 'running'
    for (const { watch } of this.#sides.values()) watch.start()
    this.#consumption.start()
    this.#agreement.start()
    this.#failback.start()
  }

  /**
   * Moves the whole group, both clusters alive or not. All members stop and commit, the mirror gets `moveTimeoutMs` to bring exact positions,
   * and they go on there. Resolves when the group is there, at once if it is; rejects with a `ConnectError` when it stays where it is:
   * CLUSTER_GONE, GROUP_IN_USE (somebody else consumes there with the group), MOVE_REFUSED (its cause in the message), MOVE_SUPERSEDED, NOT_AGREED.
   */
  moveTo(alias: string): Promise<void> {
    const { moveTimeoutMs, drainTimeoutMs, controlSessionTimeoutMs } = this.#options
    return this.#agreement.moveTo(alias, moveTimeoutMs + drainTimeoutMs + AGREEMENT_SESSIONS * controlSessionTimeoutMs)
  }

  /** Handlers under way end, what they have done is committed, and the groups are left. Resolves then; calls may overlap. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#phase = 'stopping'
    this.#changed()
    this.#failback.stop()
    await this.#consumption.close()
    await this.#agreement.close()
    await this.#failback.settled()
    await Promise.all([...this.#sides.values()].map(side => side.close()))
    this.#phase = 'stopped'
    this.#changed()
    this.#status.complete()
  }

  /** Consumes what the agreement says, unless it is gone or about to be left. */
  #changed(): void {
    if (this.#phase === 'running') {
      const { place, next } = this.#agreement
      const side = place === null || next !== null ? undefined : this.#sides.get(place.active)
      this.#consumption.want(side === undefined || side.watch.isGone ? null : side)
      this.#agreement.tell()
    }
    this.#publish()
  }

  #publish(): void {
    const before = this.#status.value
    const { place, next, standing, lastMove, trouble } = this.#agreement
    const state = this.#state()
    const sinceMs = state === before.state ? before.sinceMs : Date.now()
    const cause = next === null ? this.#cause(trouble) : (trouble ?? causeOf(next.cause, next.from))
    const status = { state, sinceMs, cluster: place?.active ?? null, cause, standing, lastMove }
    if (JSON.stringify(status) === JSON.stringify(before)) return
    if (state !== before.state)
      this.#options.logger.info({ ...status }, `Group ${this.#options.group}: ${before.state} → ${state}`)
    this.#status.next(status)
  }

  #state(): FailoverState {
    if (this.#phase === 'stopped') return 'STOPPED'
    if (this.#phase === 'stopping') return 'STOPPING'
    const { place, next } = this.#agreement
    if (next !== null) return 'MOVING'
    if (place === null) return 'STARTING'
    if (this.#sides.get(place.active)?.watch.isGone) return 'LOST'
    return this.#consumption.on === place.active ? 'CONSUMING' : 'STARTING'
  }

  #cause(trouble: string | null): string | null {
    const { place, standing } = this.#agreement
    const watch = place === null ? undefined : this.#sides.get(place.active)?.watch
    if (place === null || watch?.isGone !== true) return this.#trouble ?? trouble ?? this.#noWayOut()
    const others = standing === null ? '' : `; ${standing.unreachable} of ${standing.members} members cannot reach it`
    return `${place.active} does not answer: ${watch.reason}${others}${trouble === null ? '' : `; ${trouble}`}`
  }

  #noWayOut(): string | null {
    const gone = [...this.#sides.values()].find(({ watch }) => watch.isGone)
    return gone === undefined ? null : `${gone.alias} does not answer, so there is no failover to it: ${gone.watch.reason}`
  }
}

const causeOf = (cause: string, from: string | null): string =>
  cause === 'failover' ? `no member can reach ${from}` : 'a member was told to move'
