import { ConfigError, type Logger } from '../../../framework/api/index.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { connectionSettings, resolved } from '../client/client-config.ts'
import { ClusterWatch } from './cluster-watch.ts'

/** A look or a request that takes longer than this share of the time after which a cluster is gone counts as failed. */
const PATIENCE = 3
const SHORTEST_PATIENCE_MS = 500

/** One of the two clusters, as a member talks to it. */
export class ClusterSide {
  readonly alias: string
  /** For kafkajs' consumer. */
  readonly settings: ClientSettings
  /** For all but consuming and looking whether it is there. */
  readonly cluster: Cluster
  readonly watch: ClusterWatch
  readonly #looking: Cluster

  /** @throws ConfigError, its keys with the alias before them */
  constructor(
    alias: string,
    properties: Readonly<Record<string, string>>,
    options: {
      readonly clientId: string
      readonly failoverAfterMs: number
      readonly logger: Logger
      readonly onChange: () => void
    },
  ) {
    const { clientId, failoverAfterMs, logger } = options
    this.alias = alias
    const patienceMs = Math.max(SHORTEST_PATIENCE_MS, failoverAfterMs / PATIENCE)
    const settings = { ...settingsOf(alias, resolved(properties, logger)), clientId }
    const quick = {
      ...settings,
      connectionTimeoutMs: Math.min(settings.connectionTimeoutMs, patienceMs),
      requestTimeoutMs: Math.min(settings.requestTimeoutMs, patienceMs),
    }
    this.settings = { ...settings, connectionTimeoutMs: quick.connectionTimeoutMs }
    this.cluster = new Cluster({ ...quick, requestTimeoutMs: settings.requestTimeoutMs }, logger)
    this.#looking = new Cluster(quick, logger)
    this.watch = new ClusterWatch(this.#looking, failoverAfterMs, options.onChange)
  }

  /** Those that exist; rejects when no broker tells. */
  async existing(topics: readonly string[]): Promise<readonly string[]> {
    const found = await this.cluster.describeTopics(topics)
    return topics.filter(topic => found.has(topic))
  }

  async close(): Promise<void> {
    await Promise.all([this.cluster.close(), this.#looking.close(), this.watch.close()])
  }
}

function settingsOf(alias: string, properties: Readonly<Record<string, string>>): ClientSettings {
  try {
    return connectionSettings(properties, 'consumer')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(error.problems.map(problem => ({ ...problem, key: `${alias}.${problem.key}` })))
  }
}
