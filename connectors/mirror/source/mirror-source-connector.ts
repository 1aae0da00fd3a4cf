import { Subscription } from 'rxjs'
import { ConnectError, type ConnectorContext, type Logger, SourceConnector } from '../../../framework/api/index.ts'
import { didYouMean } from '../../../framework/config/nearest.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import { periodically, Seldom } from '../../../framework/flow/index.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { inComponent, inSpan, type RunName, SpanAttribute, tellFailures } from '../../../framework/telemetry/index.ts'
import type { ConfigPropertyFilter, ReplicationPolicy, TopicFilter } from '../../../policies/index.ts'
import { shouldReplicateTopic } from '../../../policies/index.ts'
import { offsetSyncsCluster, type SourceConfig, sourceConnectorClients, sourceDefinition } from '../config/index.ts'
import { flowAttributes } from '../observe/flow-attributes.ts'
import { FlowObservations } from '../observe/flow-observations.ts'
import { offsetMapTopic } from '../offset-map/offset-map-topic.ts'
import { createOffsetTopics } from '../offset-syncs/create-offset-topics.ts'
import { AclSync } from './acl-sync.ts'
import { syncTopicConfigs } from './config-sync.ts'
import { MirrorSourceTask } from './mirror-source-task.ts'
import { createRemoteTopics } from './remote-topics.ts'
import { RunPause } from './run-pause.ts'
import { assignPartitions, orderPartitions } from './task-assignment.ts'
import { type Inventory, takeInventory } from './topic-inventory.ts'

/** All configured already. */
export interface MirrorSourceDependencies {
  readonly policy: ReplicationPolicy
  readonly topicFilter: TopicFilter
  readonly configPropertyFilter: ConfigPropertyFilter
  /** Told how its runs go. */
  readonly observations?: FlowObservations
}

/** After a refresh that could not do all it should, the next one does not wait for `refresh.topics.interval.seconds`. */
const RETRY_MS = 10_000
/** Topics just created are not known to every broker at once. */
const SETTLE_MS = 1_000
const REFRESH = 'refreshing topics'

/**
 * Finds the topics to copy, creates and grows their copies, keeps settings and ACLs in step, and deals the partitions out to tasks.
 */
export class MirrorSourceConnector extends SourceConnector {
  readonly definition = sourceDefinition
  readonly #dependencies: MirrorSourceDependencies
  readonly #schedule = new Subscription()
  readonly #warnings = new Seldom(20)
  readonly #observations: FlowObservations
  #running: Running | null = null
  #isRefreshDue = false

  constructor(dependencies: MirrorSourceDependencies) {
    super()
    this.#dependencies = dependencies
    this.#observations = dependencies.observations ?? new FlowObservations()
  }

  async start(given: ConnectorContext): Promise<void> {
    const context = { ...given, logger: inComponent(given.logger, 'isthmus.mirror.source') }
    const config = parseConfig(sourceDefinition, context.config)
    if (!config.enabled) return
    const clients = sourceConnectorClients(context.config)
    const { logger } = context
    const running: Running = {
      context,
      config,
      source: new Cluster(clients.sourceAdmin, logger),
      target: new Cluster(clients.targetAdmin, logger),
      inventory: { source: new Map(), target: new Map(), candidates: [] },
      partitions: [],
    }
    this.#running = running
    if (config['emit.offset-syncs.enabled']) this.#createOffsetTopics(running)
    await this.#traced(running, REFRESH, () => this.#refresh(running))
    this.#scheduleJobs(running)
  }

  #createOffsetTopics({ config, source, target, context }: Running): void {
    const { side, aliasInName } = offsetSyncsCluster(config)
    const replicationFactor = config['offset-syncs.topic.replication.factor']
    const syncs = this.#dependencies.policy.offsetSyncsTopic(aliasInName)
    const topics = [
      { cluster: side === 'target' ? target : source, name: syncs, replicationFactor },
      { cluster: target, name: offsetMapTopic(config['source.cluster.alias']), replicationFactor },
    ]
    const { logger } = context
    this.#schedule.add(
      createOffsetTopics(topics, logger, this.#observations.runs.reporter('creating offset topics')).subscribe({
        error: (error: unknown) => logger.error({ error }, 'Creating the topics of offset syncs ended'),
      }),
    )
  }

  /** The three periodic jobs of MirrorMaker 2; a failed run is logged and the next one comes all the same, sooner than it would otherwise. */
  #scheduleJobs(running: Running): void {
    const { config, context } = running
    const { logger } = context
    const every = (seconds: number, what: RunName, job: Job, initialDelayMs: number): void => {
      const report = (error: unknown): void => {
        if (!context.signal.aborted) logger.warn({ error }, `${what} failed, to be tried again: ${(error as Error).message}`)
      }
      const pause = new RunPause(seconds * 1000)
      const run = () => this.#traced(running, what, job, pause)
      const jobs$ = periodically(run, { everyMs: () => pause.ms, initialDelayMs, report })
      this.#schedule.add(jobs$.subscribe({ error: report }))
    }
    if (config['refresh.topics.enabled']) {
      const seconds = config['refresh.topics.interval.seconds']
      every(seconds, REFRESH, () => this.#refresh(running), seconds * 1000)
    }
    if (config['sync.topic.configs.enabled']) {
      every(
        config['sync.topic.configs.interval.seconds'],
        'bringing topic settings in step',
        () => this.#syncConfigs(running),
        SETTLE_MS,
      )
    }
    if (config['sync.topic.acls.enabled']) {
      const acls = new AclSync({
        ...this.#sides(running),
        shouldReplicate: topic => shouldReplicateTopic(this.#selection(running), topic),
      })
      every(config['sync.topic.acls.interval.seconds'], 'copying topic ACLs', () => acls.run(), SETTLE_MS)
    }
  }

  /** A run as a span of its own, and what it could not do as trouble of the flow until one does it. */
  async #traced(running: Running, what: RunName, job: Job, pause?: RunPause): Promise<void> {
    const reporter = this.#observations.runs.reporter(what)
    pause?.begun()
    try {
      await inSpan(what, flowAttributes(running.config), async span => {
        const failures = await job()
        tellFailures(span, failures)
        reporter.ended(failures)
        if (failures.length === 0) pause?.succeeded()
        span?.setAttributes({
          [SpanAttribute.topics]: running.inventory.source.size,
          [SpanAttribute.partitions]: running.partitions.length,
        })
      })
    } catch (error) {
      if (!running.context.signal.aborted) reporter.failed(error)
      throw error
    }
  }

  async #refresh(running: Running): Promise<readonly string[]> {
    const { config, context, source, target } = running
    const { policy, topicFilter } = this.#dependencies
    const inventory = await takeInventory({
      source,
      target,
      policy,
      topicFilter,
      sourceAlias: config['source.cluster.alias'],
      targetAlias: config['target.cluster.alias'],
      heartbeatsReplicationEnabled: config['heartbeats.replication.enabled'],
      signal: running.context.signal,
      timeoutMs: config['admin.timeout.ms'],
    })
    this.#sayWhatMatchesNothing(running, inventory)
    running.inventory = inventory
    const failed = await createRemoteTopics(inventory, {
      ...this.#sides(running),
      replicationFactor: config['replication.factor'],
      filter: this.#dependencies.configPropertyFilter,
    })
    const before = running.partitions
    running.partitions = orderPartitions(before, inventory.source)
    if (running.partitions.join() !== before.join()) {
      context.logger.info(
        { topics: inventory.source.size, partitions: running.partitions.length },
        `copying ${running.partitions.length} partitions of ${inventory.source.size} topics from ${config['source.cluster.alias']} to ${config['target.cluster.alias']}`,
      )
      context.requestTaskReconfiguration()
    }
    if (failed.length > 0) this.#refreshSoon(running)
    return failed.map(topic => `the copy of topic ${topic} could not be created or grown`)
  }

  /** Whoever asks first: there is one timer. */
  #refreshSoon(running: Running): void {
    if (this.#isRefreshDue) return
    this.#isRefreshDue = true
    const timer = setTimeout(() => {
      this.#isRefreshDue = false
      this.#traced(running, REFRESH, () => this.#refresh(running)).catch((error: unknown) => {
        running.context.logger.warn({ error }, `refreshing topics failed: ${(error as Error).message}`)
        this.#refreshSoon(running)
      })
    }, RETRY_MS)
    this.#schedule.add(() => clearTimeout(timer))
  }

  #sayWhatMatchesNothing(running: Running, inventory: Inventory): void {
    const { logger } = running.context
    const alias = running.config['source.cluster.alias']
    for (const pattern of this.#dependencies.topicFilter.unmatchedIncludes?.(inventory.candidates) ?? []) {
      if (running.unmatched?.has(pattern)) continue
      running.unmatched = new Set([...(running.unmatched ?? []), pattern])
      const near = didYouMean(pattern, inventory.candidates)
      logger.warn(
        { pattern },
        `topics: ${pattern} matches no topic of cluster ${alias}${near}; it is looked for at every refresh`,
      )
    }
    if (inventory.source.size === 0) {
      const message = `topics = ${running.config.topics.join(', ')} chooses none of the ${inventory.candidates.length} topics of cluster ${alias}: nothing is copied until one appears`
      logger.warn({ topics: running.config.topics.join(',') }, message)
      this.#observations.events.add({ severity: 'warning', kind: 'no-topics', message })
    }
  }

  async #syncConfigs(running: Running): Promise<readonly string[]> {
    const { policy, configPropertyFilter } = this.#dependencies
    const { inventory, config } = running
    const remote = (topic: string): string => policy.formatRemoteTopic(config['source.cluster.alias'], topic)
    const topics = new Map([...inventory.source.keys()].map(topic => [topic, remote(topic)]))
    try {
      return await syncTopicConfigs(topics, { ...this.#sides(running), filter: configPropertyFilter })
    } catch (error) {
      if (!(error instanceof ConnectError) || error.kind !== 'fatal' || error.code !== 'UNSUPPORTED_VERSION') throw error
      running.context.raiseError(error)
      return [error.message]
    }
  }

  #sides(running: Running): Sides {
    const { config, source, target, context } = running
    const sourceAlias = config['source.cluster.alias']
    return {
      source,
      target,
      sourceAlias,
      targetAlias: config['target.cluster.alias'],
      logger: context.logger,
      warnings: this.#warnings,
      remoteName: topic => this.#dependencies.policy.formatRemoteTopic(sourceAlias, topic),
    }
  }

  #selection({ config }: Running): Parameters<typeof shouldReplicateTopic>[0] {
    const { policy, topicFilter } = this.#dependencies
    return {
      policy,
      filter: topicFilter,
      targetAlias: config['target.cluster.alias'],
      heartbeatsReplicationEnabled: config['heartbeats.replication.enabled'],
    }
  }

  async taskConfigs(maxTasks: number): Promise<readonly Readonly<Record<string, string>>[]> {
    const running = this.#running
    if (running === null) return []
    return assignPartitions(running.partitions, maxTasks).map((partitions, i) => ({
      ...running.context.config,
      'task.assigned.partitions': partitions.join(','),
      'task.index': String(i),
    }))
  }

  createTask(): MirrorSourceTask {
    return new MirrorSourceTask(this.#dependencies.policy, this.#observations)
  }

  override async stop(): Promise<void> {
    this.#schedule.unsubscribe()
    await Promise.all([this.#running?.source.close(), this.#running?.target.close()])
  }
}

/** A periodic one. Resolves with what it could not do. */
type Job = () => Promise<readonly string[]>

interface Running {
  readonly context: ConnectorContext
  readonly config: SourceConfig
  readonly source: Cluster
  readonly target: Cluster
  inventory: Inventory
  /** `topic-partition` in the order in which they are dealt out. */
  partitions: readonly string[]
  /** Patterns already complained about. */
  unmatched?: ReadonlySet<string>
}

interface Sides {
  readonly source: Cluster
  readonly target: Cluster
  readonly sourceAlias: string
  readonly targetAlias: string
  readonly logger: Logger
  readonly warnings: Seldom
  remoteName(topic: string): string
}
