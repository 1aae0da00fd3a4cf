import { ConnectError, type ConnectorContext, SourceConnector } from '../../../framework/api/index.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import { createCompactedTopic } from '../../../framework/kafka/admin/topics.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { retrying } from '../../../framework/kafka/retry.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import { emitsHeartbeats, type HeartbeatConfig, heartbeatAdmin, heartbeatDefinition } from '../config/heartbeat-config.ts'
import { MirrorHeartbeatTask } from './mirror-heartbeat-task.ts'

type Properties = Readonly<Record<string, string>>

/**
 * Writes a record to the heartbeats topic of the target every so often, in one task: it shows that the flow's worker is alive, and where
 * the topic is copied on, which clusters lie behind which.
 */
export class MirrorHeartbeatConnector extends SourceConnector {
  readonly definition = heartbeatDefinition
  readonly #topic: string
  readonly #closing = new AbortController()
  #properties: Properties = {}
  #config: HeartbeatConfig | null = null

  /** @param policy configured already; names the topic */
  constructor(policy: ReplicationPolicy) {
    super()
    this.#topic = policy.heartbeatsTopic()
  }

  /** Creates the topic where it is missing; an existing one is used as it is. */
  async start({ config: properties, logger }: ConnectorContext): Promise<void> {
    const config = parseConfig(heartbeatDefinition, properties)
    const cluster = new Cluster(heartbeatAdmin(properties), logger)
    try {
      await this.#createTopic(cluster, config)
    } finally {
      await cluster.close()
    }
    this.#properties = properties
    this.#config = config
  }

  async #createTopic(cluster: Cluster, config: HeartbeatConfig): Promise<void> {
    const replicationFactor = config['heartbeats.topic.replication.factor']
    const limits = { signal: this.#closing.signal, timeoutMs: config['admin.timeout.ms'] }
    const topic = { name: this.#topic, partitions: 1, replicationFactor }
    try {
      await retrying(cluster, `creating topic ${this.#topic}`, () => createCompactedTopic(cluster, topic), limits)
    } catch (error) {
      if (!(error instanceof ConnectError) || error.code !== 'INVALID_REPLICATION_FACTOR') throw error
      const remedy = `cluster ${config['target.cluster.alias']} has fewer brokers: set it to 1, or to -1 for the brokers' default`
      const message = `heartbeats.topic.replication.factor = ${replicationFactor}: ${error.message}; ${remedy}`
      throw new ConnectError(error.code, message, { kind: error.kind, stage: 'start', cause: error })
    }
  }

  async taskConfigs(): Promise<readonly Properties[]> {
    return this.#config !== null && emitsHeartbeats(this.#config) ? [this.#properties] : []
  }

  createTask(): MirrorHeartbeatTask {
    return new MirrorHeartbeatTask(this.#topic)
  }

  override async stop(): Promise<void> {
    this.#closing.abort()
  }
}
