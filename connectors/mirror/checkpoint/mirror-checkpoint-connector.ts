import { type ConnectorContext, SourceConnector } from '../../../framework/api/index.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { inComponent } from '../../../framework/telemetry/index.ts'
import { checkpointClients } from '../config/checkpoint-clients.ts'
import { type CheckpointConfig, checkpointDefinition, emitsCheckpoints } from '../config/checkpoint-config.ts'
import { createTargetTopic } from '../create-target-topic.ts'
import { type MirrorCheckpointDependencies, MirrorCheckpointTask } from './mirror-checkpoint-task.ts'

type Properties = Readonly<Record<string, string>>

/**
 * Keeps checkpoints: where each consumer group of the source would go on at the target. One task does it for all groups, whatever `tasks.max`
 * says, and finds new groups by itself, so nothing is restarted for them.
 */
export class MirrorCheckpointConnector extends SourceConnector {
  readonly definition = checkpointDefinition
  readonly #dependencies: MirrorCheckpointDependencies
  #properties: Properties = {}
  #config: CheckpointConfig | null = null

  constructor(dependencies: MirrorCheckpointDependencies) {
    super()
    this.#dependencies = dependencies
  }

  /** Creates the topic where it is missing; an existing one is used as it is. */
  async start({ config: properties, logger: outer, signal }: ConnectorContext): Promise<void> {
    const logger = inComponent(outer, 'isthmus.mirror.checkpoint')
    const config = parseConfig(checkpointDefinition, properties)
    if (emitsCheckpoints(config)) {
      const cluster = new Cluster(checkpointClients(properties).targetAdmin, logger)
      try {
        await this.#createTopic(cluster, config, signal)
      } finally {
        await cluster.close()
      }
    }
    this.#properties = properties
    this.#config = config
  }

  #createTopic(cluster: Cluster, config: CheckpointConfig, signal: AbortSignal): Promise<void> {
    const replicationFactorKey = 'checkpoints.topic.replication.factor'
    const topic = {
      name: this.#dependencies.policy.checkpointsTopic(config['source.cluster.alias']),
      replicationFactor: config[replicationFactorKey],
      replicationFactorKey,
    }
    const limits = { signal, timeoutMs: config['admin.timeout.ms'] }
    return createTargetTopic(cluster, topic, config['target.cluster.alias'], limits)
  }

  async taskConfigs(): Promise<readonly Properties[]> {
    return this.#config !== null && emitsCheckpoints(this.#config) ? [{ ...this.#properties, 'task.index': '0' }] : []
  }

  createTask(): MirrorCheckpointTask {
    return new MirrorCheckpointTask(this.#dependencies)
  }
}
