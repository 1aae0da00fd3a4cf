import {
  ConnectError,
  type ErrorReport,
  type GroupSyncReport,
  type Logger,
  type SourcePartition,
  type SourceTaskContext,
} from '../../../framework/api/index.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import { Seldom } from '../../../framework/flow/index.ts'
import { GroupOffsetsWatch } from '../../../framework/kafka/admin/group-offsets-watch.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { inSpan, SpanAttribute, tellFailures } from '../../../framework/telemetry/index.ts'
import { checkpointClients } from '../config/checkpoint-clients.ts'
import { type CheckpointConfig, checkpointDefinition } from '../config/checkpoint-config.ts'
import { offsetSyncsCluster } from '../config/source-config.ts'
import { flowAttributes } from '../observe/flow-attributes.ts'
import { FlowObservations } from '../observe/flow-observations.ts'
import type { RunHealth, RunReporter } from '../observe/run-health.ts'
import { FollowedTranslation } from '../translation/followed-translation.ts'
import { isBefore, planCheckpoints } from './checkpoint-planner.ts'
import { GroupDiscovery } from './group-discovery.ts'
import { GroupSync } from './group-sync.ts'
import type { MirrorCheckpointDependencies } from './mirror-checkpoint-task.ts'
import { SettledMarks } from './settled-marks.ts'
import { StoredCheckpoints } from './stored-checkpoints.ts'
import { TrackedGroup, type TrackedPartition } from './tracked-group.ts'

/** For an interval of 0, which MirrorMaker 2 takes for as fast as it can. */
const SHORTEST_MS = 100

/** From the offsets that groups commit on the source to the checkpoints that this makes, round by round. */
export class CheckpointRun {
  readonly topic: string
  readonly intervalMs: number
  readonly sourcePartition: SourcePartition
  readonly #config: CheckpointConfig
  readonly #dependencies: MirrorCheckpointDependencies
  readonly #logger: Logger
  readonly #warnings = new Seldom()
  readonly #groupWarnings = new Seldom(10)
  readonly #clusters: Readonly<Record<'source' | 'target' | 'checkpoints' | 'syncs', Cluster>>
  readonly #discovery: GroupDiscovery
  readonly #watch: GroupOffsetsWatch
  readonly #sync: GroupSync
  readonly #groups = new Map<string, TrackedGroup>()
  readonly #marks = new SettledMarks()
  readonly #reported = new Map<string, string>()
  #translation: FollowedTranslation | null = null
  #stored: StoredCheckpoints | null = null
  #coordinators: ReadonlyMap<string, number> = new Map()
  #discoverAtMs = 0
  #syncAtMs = 0
  #isSyncDue = false
  #lastSyncMs = 0
  #syncError: ErrorReport | undefined
  #trouble = ''
  readonly #runs: RunHealth
  readonly #round: RunReporter
  readonly #syncing: RunReporter

  constructor({ config: properties, logger }: SourceTaskContext, dependencies: MirrorCheckpointDependencies) {
    const config = parseConfig(checkpointDefinition, properties)
    const clients = checkpointClients(properties)
    const { 'source.cluster.alias': sourceAlias, 'target.cluster.alias': targetAlias } = config
    this.#config = config
    this.#dependencies = dependencies
    this.#logger = logger
    this.topic = dependencies.policy.checkpointsTopic(sourceAlias)
    this.sourcePartition = { checkpoints: this.topic }
    this.intervalMs = Math.max(SHORTEST_MS, config['emit.checkpoints.interval.seconds'] * 1000)
    this.#clusters = {
      source: new Cluster(clients.sourceAdmin, logger),
      target: new Cluster(clients.targetAdmin, logger),
      checkpoints: new Cluster(clients.checkpoints, logger),
      syncs: new Cluster(clients.offsetSyncs, logger),
    }
    const { source, target } = this.#clusters
    this.#discovery = new GroupDiscovery(source, dependencies.groupFilter, sourceAlias, logger)
    this.#watch = new GroupOffsetsWatch(source)
    this.#sync = new GroupSync({ target, sourceAlias, targetAlias, logger })
    const { runs } = dependencies.observations ?? new FlowObservations()
    this.#runs = runs
    this.#round = runs.reporter('checkpoint round')
    this.#syncing = runs.reporter('syncing groups')
  }

  get groups(): Iterable<TrackedGroup> {
    return this.#groups.values()
  }

  /** How setting groups of the target went last; undefined = it is not done. */
  get syncReport(): GroupSyncReport | undefined {
    if (!this.#config['sync.group.offsets.enabled'] || this.#config['sync.group.offsets.interval.seconds'] < 0) return undefined
    return {
      ...(this.#lastSyncMs > 0 && { lastMs: this.#lastSyncMs }),
      refused: this.#refusals().length,
      ...(this.#syncError !== undefined && { error: this.#syncError }),
    }
  }

  /** One round. Rejects, retriably, when the source does not answer. */
  next(signal: AbortSignal): Promise<readonly TrackedPartition[]> {
    return inSpan('checkpoint round', flowAttributes(this.#config), async span => {
      const planned = await this.#next(signal)
      span?.setAttributes({ [SpanAttribute.groups]: this.#groups.size, [SpanAttribute.records]: planned.length })
      const failures = [...this.#reported].map(([group, code]) => `no checkpoints of group ${group} for now: ${code}`)
      tellFailures(span, failures)
      this.#round.ended(failures)
      return planned
    })
  }

  async #next(signal: AbortSignal): Promise<readonly TrackedPartition[]> {
    const translation = this.#translation ?? (await this.#open(signal))
    if (performance.now() >= this.#discoverAtMs) await this.#discover()
    const { changed, failed } = await this.#watch.look(this.#coordinators)
    for (const [name, offsets] of changed) this.#groups.get(name)?.committed(offsets)
    this.#takeFailures(failed)
    if (this.#trouble !== '') this.#logger.info({}, 'Offsets of groups can be read again')
    this.#trouble = ''
    const planned = planCheckpoints(this.#groups.values(), translation.translation, this.#marks)
    await this.#startSync(planned)
    return planned
  }

  /** Whether groups of the target are to be set once the checkpoints handed out are written. */
  get isSyncDue(): boolean {
    return this.#isSyncDue
  }

  /** Sets the groups of the target, if that is due. */
  async sync(): Promise<void> {
    if (!this.#isSyncDue) return
    this.#isSyncDue = false
    if (this.#groups.size === 0) this.#syncing.succeeded()
    await this.#syncGroups([...this.#groups.values()])
  }

  /** A round failed and will be repeated. */
  retrying(error: ConnectError): void {
    const level = error.message === this.#trouble ? 'debug' : this.#warnings.level('warn')
    this.#trouble = error.message
    const alias = this.#config['source.cluster.alias']
    const message = `Offsets of groups on ${alias} cannot be read, to be tried again: ${error.message}`
    this.#logger[level]({ err: error }, message)
    this.#round.failed(error, message)
  }

  async close(): Promise<void> {
    await this.#translation?.close()
    await Promise.all(Object.values(this.#clusters).map(cluster => cluster.close()))
  }

  /** Checkpoints written before come first: without them, old offset syncs could take a group back behind what it was told last. */
  async #open(signal: AbortSignal): Promise<FollowedTranslation> {
    this.#stored ??= await this.#readStored(signal)
    const { policy } = this.#dependencies
    const { 'source.cluster.alias': sourceAlias, 'target.cluster.alias': targetAlias } = this.#config
    const { source, target, syncs: cluster } = this.#clusters
    const topic = policy.offsetSyncsTopic(offsetSyncsCluster(this.#config).aliasInName)
    const translation = new FollowedTranslation({
      sourceAlias,
      targetAlias,
      policy,
      source,
      target,
      syncs: { cluster, topic, mustReadToEnd: this.#stored === null },
      logger: this.#logger,
      runs: this.#runs,
    })
    this.#translation = translation
    await translation.start()
    return translation
  }

  async #readStored(signal: AbortSignal): Promise<StoredCheckpoints | null> {
    const reading = this.#runs.reporter('reading earlier checkpoints')
    try {
      const stored = await StoredCheckpoints.read(this.#clusters.checkpoints, this.topic, signal)
      reading.succeeded()
      return stored
    } catch (error) {
      if (signal.aborted) throw error
      const message = `Earlier checkpoints in ${this.topic} cannot be read: ${(error as Error).message}. Until the mirror starts again, groups that only offset syncs can translate may get older offsets than before; grant READ on the topic`
      this.#logger.warn({ err: error, topic: this.topic }, message)
      reading.failed(error, message)
      return null
    }
  }

  async #discover(): Promise<void> {
    this.#coordinators = await this.#discovery.coordinators()
    const seconds = this.#config['refresh.groups.interval.seconds']
    const repeats = this.#config['refresh.groups.enabled'] && seconds >= 0
    this.#discoverAtMs = repeats ? performance.now() + seconds * 1000 : Number.POSITIVE_INFINITY
    const { size } = this.#groups
    for (const name of this.#groups.keys()) if (!this.#coordinators.has(name)) this.#groups.delete(name)
    for (const name of this.#coordinators.keys()) if (!this.#groups.has(name)) this.#groups.set(name, this.#track(name))
    if (this.#groups.size !== size) {
      const { 'source.cluster.alias': source } = this.#config
      this.#logger.info({ groups: this.#groups.size }, `translating offsets of ${this.#groups.size} groups of ${source}`)
    }
  }

  #track(name: string): TrackedGroup {
    const { topicFilter } = this.#dependencies
    return new TrackedGroup(name, {
      acceptsTopic: topic => topicFilter.shouldReplicateTopic(topic),
      remoteName: topic => this.#translation?.translation.remoteName(topic) ?? topic,
      checkpointOf: (remoteTopic, partition) => this.#stored?.of(name, remoteTopic, partition) ?? null,
    })
  }

  /** A coordinator that has moved is looked for at once; what cannot be mended is said once per group. */
  #takeFailures(failed: ReadonlyMap<string, ConnectError>): void {
    for (const [group, error] of failed) {
      if (error.retriable) this.#discoverAtMs = 0
      if (this.#reported.get(group) === error.code) continue
      this.#reported.set(group, error.code)
      this.#logger[error.retriable ? 'debug' : this.#groupWarnings.level('warn')](
        { err: error, group },
        `No checkpoints of group ${group} for now: ${error.message}`,
      )
    }
    for (const group of this.#reported.keys()) if (!failed.has(group)) this.#reported.delete(group)
  }

  /** Groups that were rewound follow before their checkpoints are written, all others afterwards. */
  async #startSync(planned: readonly TrackedPartition[]): Promise<void> {
    if (!this.#config['sync.group.offsets.enabled']) return
    const seconds = this.#config['sync.group.offsets.interval.seconds']
    if (seconds < 0) return
    if (performance.now() >= this.#syncAtMs) {
      this.#syncAtMs = performance.now() + seconds * 1000
      this.#isSyncDue = true
    }
    await this.#syncGroups(rewoundGroups(planned))
    if (planned.length === 0) await this.sync()
  }

  async #syncGroups(groups: readonly TrackedGroup[]): Promise<void> {
    if (groups.length === 0) return
    try {
      const attributes = { ...flowAttributes(this.#config), [SpanAttribute.groups]: groups.length }
      await inSpan('syncing groups', attributes, async span => tellFailures(span, await this.#sync.run(groups)))
      this.#synced(this.#refusals())
    } catch (error) {
      const message = `Offsets of groups could not be set on ${this.#config['target.cluster.alias']}, to be tried again: ${(error as Error).message}`
      this.#logger[this.#warnings.level('warn')]({ err: error }, message)
      this.#syncError = { code: error instanceof ConnectError ? error.code : 'UNKNOWN', message, atMs: Date.now() }
      this.#syncing.failed(error, message)
    }
  }

  #synced(refusals: readonly string[]): void {
    const [message] = refusals
    this.#lastSyncMs = Date.now()
    this.#syncError = message === undefined ? undefined : { code: 'REFUSED', message, atMs: this.#lastSyncMs }
    this.#syncing.ended(refusals)
  }

  /** Also of groups that the last round did not look at. */
  #refusals(): readonly string[] {
    const refusals: string[] = []
    for (const { refusal } of this.#groups.values()) if (refusal !== '') refusals.push(refusal)
    return refusals
  }
}

function rewoundGroups(planned: readonly TrackedPartition[]): TrackedGroup[] {
  const rewound = planned.filter(({ pending, checkpoint }) => pending !== null && isBefore(pending, checkpoint))
  return [...new Set(rewound.map(({ group }) => group))]
}
