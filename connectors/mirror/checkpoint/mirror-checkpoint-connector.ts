import { ConnectError, type ConnectorContext, SourceConnector } from '../../../framework/api/index.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import { createCompactedTopic } from '../../../framework/kafka/admin/topics.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { retrying } from '../../../framework/kafka/retry.ts'
import { checkpointClients } from '../config/checkpoint-clients.ts'
import { type CheckpointConfig, checkpointDefinition, emitsCheckpoints } from '../config/checkpoint-config.ts'
import { type MirrorCheckpointDependencies, MirrorCheckpointTask } from './mirror-checkpoint-task.ts'

type Properties = Readonly<Record<string, string>>

/**
 * Keeps checkpoints: where each consumer group of the source would go on at the target. One task does it for all groups, whatever `tasks.max`
 * says, and finds new groups by itself, so nothing is restarted for them.
 */
export class MirrorCheckpointConnector extends SourceConnector {
  readonly definition = checkpointDefinition
  readonly #dependencies: MirrorCheckpointDependencies
  readonly #closing = new AbortController()
  #properties: Properties = {}
  #config: CheckpointConfig | null = null

  constructor(dependencies: MirrorCheckpointDependencies) {
    super()
    this.#dependencies = dependencies
  }

  /** Creates the topic where it is missing; an existing one is used as it is. */
  async start({ config: properties, logger }: ConnectorContext): Promise<void> {
    const config = parseConfig(checkpointDefinition, properties)
    if (emitsCheckpoints(config)) {
      const cluster = new Cluster(checkpointClients(properties).targetAdmin, logger)
      try {
        await this.#createTopic(cluster, config)
      } finally {
        await cluster.close()
      }
    }
    this.#properties = properties
    this.#config = config
  }

  async #createTopic(cluster: Cluster, config: CheckpointConfig): Promise<void> {
    const name = this.#dependencies.policy.checkpointsTopic(config['source.cluster.alias'])
    const replicationFactor = config['checkpoints.topic.replication.factor']
    const limits = { signal: this.#closing.signal, timeoutMs: config['admin.timeout.ms'] }
    const create = () => createCompactedTopic(cluster, { name, partitions: 1, replicationFactor })
    try {
      await retrying(cluster, `creating topic ${name}`, create, limits)
    } catch (error) {
      if (!(error instanceof ConnectError) || error.code !== 'INVALID_REPLICATION_FACTOR') throw error
      const remedy = `cluster ${config['target.cluster.alias']} has fewer brokers: set it to 1, or to -1 for the brokers' default`
      const message = `checkpoints.topic.replication.factor = ${replicationFactor}: ${error.message}; ${remedy}`
      throw new ConnectError(error.code, message, { kind: error.kind, stage: 'start', cause: error })
    }
  }

  async taskConfigs(): Promise<readonly Properties[]> {
    return this.#config !== null && emitsCheckpoints(this.#config) ? [{ ...this.#properties, 'task.index': '0' }] : []
  }

  createTask(): MirrorCheckpointTask {
    return new MirrorCheckpointTask(this.#dependencies)
  }

  override async stop(): Promise<void> {
    this.#closing.abort()
  }
}
