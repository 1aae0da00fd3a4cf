import { type ConnectorContext, SourceConnector } from '../../../framework/api/index.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { inComponent } from '../../../framework/telemetry/index.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import { emitsHeartbeats, type HeartbeatConfig, heartbeatAdmin, heartbeatDefinition } from '../config/heartbeat-config.ts'
import { createTargetTopic } from '../create-target-topic.ts'
import { FlowObservations } from '../observe/flow-observations.ts'
import { MirrorHeartbeatTask } from './mirror-heartbeat-task.ts'

type Properties = Readonly<Record<string, string>>

/**
 * Writes a record to the heartbeats topic of the target every so often, in one task: it shows that the flow's worker is alive, and where
 * the topic is copied on, which clusters lie behind which.
 */
export class MirrorHeartbeatConnector extends SourceConnector {
  readonly definition = heartbeatDefinition
  readonly #topic: string
  #properties: Properties = {}
  #config: HeartbeatConfig | null = null

  readonly #observations: Pick<FlowObservations, 'runs'>

  /** @param policy configured already; names the topic @param observations told how writing goes */
  constructor(policy: ReplicationPolicy, observations: Pick<FlowObservations, 'runs'> = new FlowObservations()) {
    super()
    this.#observations = observations
    this.#topic = policy.heartbeatsTopic()
  }

  /** Creates the topic where it is missing; an existing one is used as it is. */
  async start({ config: properties, logger: outer, signal }: ConnectorContext): Promise<void> {
    const logger = inComponent(outer, 'isthmus.mirror.heartbeat')
    const config = parseConfig(heartbeatDefinition, properties)
    const cluster = new Cluster(heartbeatAdmin(properties), logger)
    try {
      await this.#createTopic(cluster, config, signal)
    } finally {
      await cluster.close()
    }
    this.#properties = properties
    this.#config = config
  }

  #createTopic(cluster: Cluster, config: HeartbeatConfig, signal: AbortSignal): Promise<void> {
    const replicationFactorKey = 'heartbeats.topic.replication.factor'
    const topic = { name: this.#topic, replicationFactor: config[replicationFactorKey], replicationFactorKey }
    const limits = { signal, timeoutMs: config['admin.timeout.ms'] }
    return createTargetTopic(cluster, topic, config['target.cluster.alias'], limits)
  }

  async taskConfigs(): Promise<readonly Properties[]> {
    return this.#config !== null && emitsHeartbeats(this.#config) ? [this.#properties] : []
  }

  createTask(): MirrorHeartbeatTask {
    return new MirrorHeartbeatTask(this.#topic, this.#observations)
  }
}
