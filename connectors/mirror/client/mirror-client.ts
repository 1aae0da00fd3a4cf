import type { Logger } from '../../../framework/api/index.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { retrying } from '../../../framework/kafka/retry.ts'
import type { ReplicationPolicy } from '../../../policies/index.ts'
import { builtInPolicy, connectionSettings, resolved } from './client-config.ts'
import { MirrorTopology } from './mirror-topology.ts'
import { type RemoteOffset, readCheckpoints } from './read-checkpoints.ts'
import { silentLogger } from './silent-logger.ts'

export interface MirrorClientOptions {
  /** Configured already; instead of the one that `replication.policy.class` names. */
  readonly policy?: ReplicationPolicy
  /** What is odd, and what is tried again; nothing by default. */
  readonly logger?: Logger
  /** How long one call may take; 30 s by default. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 30_000

/**
 * Tells an application what MirrorMaker 2, or Isthmus, has brought to one cluster: which topics are copies, which clusters lie behind them,
 * and where a consumer group of another cluster should go on here. Close it at the end.
 *
 * Configured as Java's `MirrorClientConfig`: `bootstrap.servers`, `replication.policy.class`, `replication.policy.separator`,
 * `replication.policy.internal.topic.separator.enabled`, `security.protocol`, `ssl.*`, `sasl.*`, and these with `admin.` or `consumer.` before
 * them; `source.cluster.alias` for the identity policy. All else is passed over. Each call rejects with a `ConnectError` when the cluster
 * cannot be used.
 *
 * @example
 * const client = new MirrorClient({ 'bootstrap.servers': 'backup1:9092' })
 * await client.upstreamClusters()                                   // ['primary']
 * await client.remoteConsumerOffsets('billing', 'primary')          // [{ topic: 'primary.orders', partition: 0, offset: 4711, metadata: '' }]
 * await client.close()
 */
export class MirrorClient {
  readonly policy: ReplicationPolicy
  readonly #admin: Cluster
  readonly #consumer: Cluster
  readonly #timeoutMs: number

  /** @throws ConfigError with every problem */
  constructor(properties: Readonly<Record<string, string>>, options: MirrorClientOptions = {}) {
    const { logger = silentLogger, timeoutMs = TIMEOUT_MS } = options
    const config = resolved(properties, logger)
    this.policy = options.policy ?? builtInPolicy(config)
    this.#admin = new Cluster(connectionSettings(config, 'admin'), logger)
    this.#consumer = new Cluster(connectionSettings(config, 'consumer'), logger)
    this.#timeoutMs = timeoutMs
  }

  /** How many flows lie between a cluster and this one, on the shortest way; -1 = its heartbeats do not arrive here. */
  async replicationHops(upstreamAlias: string): Promise<number> {
    return (await this.#topology()).replicationHops(upstreamAlias)
  }

  /** Names of the heartbeats topics here: the cluster's own and the copied ones. */
  async heartbeatTopics(): Promise<readonly string[]> {
    return (await this.#topology()).heartbeatTopics()
  }

  /** Names of the topics that hold checkpoints of other clusters' groups. */
  async checkpointTopics(): Promise<readonly string[]> {
    return (await this.#topology()).checkpointTopics()
  }

  /** Aliases of all clusters whose heartbeats arrive here, over however many others. */
  async upstreamClusters(): Promise<readonly string[]> {
    return (await this.#topology()).upstreamClusters()
  }

  /**
   * Names of the topics copied from other clusters.
   * @param source only those copied directly from this one
   */
  async remoteTopics(source?: string): Promise<readonly string[]> {
    return (await this.#topology()).remoteTopics(source)
  }

  /**
   * Where a group of another cluster should go on here, one entry per partition that it has a checkpoint for, by topic and partition.
   * Unlike in Java, a topic that is missing (CHECKPOINTS_MISSING) or cannot be read in time (CHECKPOINTS_TIMEOUT) is an error: a
   * partition left out would make the group skip or repeat records unseen.
   * @param remoteAlias the cluster the group comes from
   */
  async remoteConsumerOffsets(
    group: string,
    remoteAlias: string,
    { timeoutMs = this.#timeoutMs }: { readonly timeoutMs?: number } = {},
  ): Promise<readonly RemoteOffset[]> {
    return readCheckpoints(this.#consumer, this.policy.checkpointsTopic(remoteAlias), group, timeoutMs)
  }

  async close(): Promise<void> {
    await Promise.all([this.#admin.close(), this.#consumer.close()])
  }

  async #topology(): Promise<MirrorTopology> {
    const list = (): ReturnType<Cluster['describeTopics']> => this.#admin.describeTopics(null)
    const topics = await retrying(this.#admin, 'listing topics', list, { timeoutMs: this.#timeoutMs })
    return new MirrorTopology(this.policy, [...topics.keys()].sort())
  }
}
