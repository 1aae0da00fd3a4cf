import { type Observable, Subject } from 'rxjs'
import type { ConnectError } from '../../../framework/api/index.ts'
import { Background, type Deferred, deferred } from '../../../framework/flow/index.ts'
import type { GroupMemberState } from '../../../framework/kafka/group-member.ts'
import { LagWatch, type PartitionEntry, PartitionRegistry, toConnectError } from '../../../framework/runtime/index.ts'
import type { Side } from '../config/clients.ts'
import { FlowWatch } from '../observe/flow-watch.ts'
import type { FlowProgress, ReportedFlow } from '../observe/observed-flow.ts'
import { ActiveRun } from './active-run.ts'
import { AnnouncedState } from './announced-state.ts'
import { ClusterReach } from './cluster-reach.ts'
import { CopiedEntries, readBy } from './copied-entries.ts'
import { FlowMembership } from './flow-membership.ts'
import { FlowMeter } from './flow-meter.ts'
import { FlowOffsets } from './flow-offsets.ts'
import type { FlowMember, FlowRole, FlowServices } from './flow-services.ts'
import { type FlowStatus, partitionFigures } from './flow-status.ts'
import { type FlowPhase, type ShownState, shownState } from './shown-state.ts'
import { SourceCheck } from './source-check.ts'

/**
 * One flow: joins its group on the target and copies while it is the active member. The offsets are opened while it is decided who is
 * active. When the place is lost, copying ends at once, without a last commit: another process may have begun. Only an error that trying
 * again cannot mend ends a flow, and then it leaves the group to others.
 */
export class FlowRunner {
  readonly #services: FlowServices
  readonly #meter = new FlowMeter()
  readonly #changes = new Subject<void>()
  /** A stop or a failure. */
  readonly #ending = new AbortController()
  readonly #now = new AbortController()
  readonly #background: Background
  readonly #reach: ClusterReach
  readonly #reached = deferred<void>()
  readonly #membership: FlowMembership
  readonly #offsets: FlowOffsets
  readonly #partitions: PartitionRegistry
  readonly #lag: LagWatch | undefined
  readonly #watch: FlowWatch
  readonly #announced: AnnouncedState
  readonly #sourceCheck: SourceCheck
  #run: ActiveRun | undefined
  readonly #copied = new CopiedEntries()
  #wake: Deferred<void> = deferred<void>()
  #error: ConnectError | undefined
  #phase: FlowPhase = 'alive'

  constructor(services: FlowServices) {
    this.#services = services
    this.#partitions = new PartitionRegistry(services.lossNoticeMs)
    this.#background = new Background(error => this.#fail(error))
    this.#reach = new ClusterReach({
      attempt: side => services.reach(side),
      signal: this.#ending.signal,
      onChange: () => this.#update(),
    })
    this.#offsets = new FlowOffsets(
      () => services.openOffsets(this.#now.signal),
      error => this.#fail(error),
      error => this.#late(error),
    )
    this.#membership = new FlowMembership({
      flow: services.name,
      join: () => this.#join(),
      reach: this.#reach,
      background: this.#background,
      signal: this.#ending.signal,
      onChange: state => this.#onMembership(state),
      onFailure: error => this.#fail(error),
    })
    const { sourceLogs: spans, logger, observations } = services
    this.#watch = new FlowWatch({ ...services, partitions: this.#partitions })
    this.#announced = new AnnouncedState(services.name, logger, this.#watch)
    const health = observations.runs.reporter('asking where logs end')
    const [entries, reading] = [() => this.#entries(), () => readBy(this.#run?.connector)]
    this.#lag = spans && new LagWatch({ entries, reading, spans, logger, health })
    this.#meter.sample([])
    this.#sourceCheck = new SourceCheck(() => this.#background.run('asking the source', () => this.#reach.reach('source', 'any')))
  }

  get name(): string {
    return this.#services.name
  }

  get role(): FlowRole {
    return this.#services.role
  }

  /** Each change of the state or its cause. */
  get change$(): Observable<void> {
    return this.#changes
  }

  /** Why the flow has FAILED. */
  get error(): ConnectError | undefined {
    return this.#error
  }

  /** Clusters that do not answer, or have not yet, and why. */
  get unreachable(): ReadonlyMap<Side, ConnectError> {
    return this.#reach.missing
  }

  /** Resolves once both clusters have answered, or the flow has failed or stopped. */
  get reached(): Promise<void> {
    return this.#reached.promise
  }

  /** Once. Returns at once; the status tells the rest. */
  start(): void {
    this.#background.run('flow', () => this.#live())
    this.#lag?.start()
  }

  /** Drains within the graceful timeout, stores offsets, leaves the group. */
  async stop(): Promise<void> {
    if (this.#phase === 'alive') this.#phase = 'stopping'
    this.#ending.abort()
    this.#lag?.stop()
    this.#wake.resolve()
    this.#update()
    await this.#background.settled().catch((error: unknown) => this.#late(error))
    this.#phase = 'stopped'
    this.#update()
    this.#watch.close()
  }

  /** Waits for nothing; the group finds out by itself. A `stop` under way resolves soon after. */
  stopNow(): void {
    this.#now.abort()
    this.#run?.stopNow()
    void this.stop()
  }

  /** To be called about once a second. */
  sample(): void {
    this.#meter.sample(this.#everCopied())
    const isCopying = this.role === 'copy' && this.#run !== undefined && this.#phase === 'alive'
    this.#sourceCheck.look(isCopying, this.#entries().length)
    this.#lookAtClusters()
  }

  status(): FlowStatus {
    return { name: this.name, role: this.role, ...this.#progress(), ...partitionFigures(this.#entries()) }
  }

  #progress(): FlowProgress & Pick<FlowStatus, 'state'> {
    const totals = this.role === 'copy' ? this.#partitions.totals() : {}
    return { ...this.#announced.current, ...this.#meter.rates(), ...totals }
  }

  /** For metrics, health and status. */
  observed(): ReportedFlow {
    const { name, role, source, target, observations, main } = this.#services
    return {
      connector: main.name,
      role,
      name,
      source,
      target,
      observations,
      hop: () => this.#meter.hop(this.#everCopied()),
      figures: () => this.status(),
      entries: () => this.#entries(),
      worker: () => this.#run?.status() ?? { connectors: [] },
      clusters: () => this.#watch.clusters.troubles,
      progress: () => this.#progress(),
    }
  }

  async #live(): Promise<void> {
    const { signal } = this.#ending
    const onError = (error: unknown): void => this.#fail(error)
    await Promise.all([this.#reach.reach('source', 'retriable').catch(onError), this.#membership.join().catch(onError)])
    this.#reached.resolve()
    while (!signal.aborted) {
      const isActive = this.#membership.member?.isActive ?? false
      if (isActive === (this.#run !== undefined)) await this.#wake.promise
      else if (isActive) await this.#activate().catch(onError)
      else await this.#deactivate()
      this.#wake = deferred<void>()
    }
    await this.#end()
  }

  #join(): FlowMember {
    const member = this.#services.join(this.#now.signal)
    void this.#offsets.opened()
    return member
  }

  #onMembership({ kind }: GroupMemberState): void {
    if (kind !== 'active') this.#run?.stopNow()
    this.#update()
    this.#wake.resolve()
  }

  async #activate(): Promise<void> {
    const { member } = this.#membership
    const offsets = await this.#offsets.opened()
    if (member === undefined || !member.isActive || this.#ending.signal.aborted) return
    const isActive = (): boolean => member.isActive
    const run = new ActiveRun({
      services: this.#services,
      offsets,
      isActive,
      partitions: this.#partitions,
      onChange: () => this.#onRunChange(),
    })
    this.#run = run
    this.#update()
    run.start().catch((error: unknown) => this.#fail(error))
  }

  #onRunChange(): void {
    if (this.#run !== undefined) this.#watch.worker(this.#run.status())
    const run = this.#run?.state
    if (run?.state === 'FAILED' && run.error !== undefined) this.#fail(run.error)
    else this.#update()
  }

  async #deactivate(): Promise<void> {
    await this.#stopRun()
    await this.#offsets.close()
    this.#update()
  }

  async #stopRun(): Promise<void> {
    await this.#run?.stop()
    this.#meter.sample(this.#everCopied())
    this.#run = undefined
    this.#services.observations.runs.stopped()
  }

  /** Ends copying before the place in the group is given up. */
  async #end(): Promise<void> {
    await this.#stopRun()
    if (!this.#now.signal.aborted) await this.#membership.member?.leave()
    this.#now.abort()
    await this.#offsets.close()
    await this.#services.close()
  }

  /** The first error counts. */
  #fail(cause: unknown): void {
    if (this.#ending.signal.aborted) {
      this.#late(cause)
      return
    }
    this.#error = toConnectError(cause, 'FLOW_FAILED', 'start', `Flow ${this.name}`)
    this.#ending.abort()
    this.#run?.stopNow()
    this.#update()
    this.#wake.resolve()
  }

  #late(error: unknown): void {
    this.#services.logger.debug({ error }, `Flow ${this.name}: a further error while it was ending`)
  }

  /** Partitions that are copied here, or will be again once their target is back: heartbeats come from none. */
  #entries(): readonly PartitionEntry[] {
    if (this.role === 'heartbeats') return []
    const { kind } = this.#membership.state
    if (kind === 'standby' || kind === 'blocked' || this.#error !== undefined) this.#copied.forget()
    return this.#copied.of(this.#run?.connector)
  }

  /** Counters count what partitions did that are copied no more, too. */
  #everCopied(): Iterable<PartitionEntry> {
    return this.role === 'heartbeats' ? [] : this.#partitions.entries()
  }

  #lookAtClusters(): void {
    const copying = this.#run === undefined ? undefined : this.#entries()
    const { kind } = this.#phase === 'alive' ? this.#membership.state : { kind: 'left' as const }
    const silence = this.#run && this.#membership.trouble
    const causes = silence ? new Map([['target' as const, silence], ...this.#reach.causes]) : this.#reach.causes
    this.#watch.lookAtClusters({ ...this.#reach.known, causes, copying, membership: kind })
  }

  #derived(): ShownState {
    const unreachable = [...this.#reach.causes.values()][0]
    const { state: membership, hasJoined } = this.#membership
    return shownState({ error: this.#error, phase: this.#phase, run: this.#run?.state, membership, hasJoined, unreachable })
  }

  #update(): void {
    if (!this.#announced.announce(this.#derived())) return
    this.#lookAtClusters()
    this.#changes.next()
  }
}
