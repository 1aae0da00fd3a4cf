import { ConfigError, type Logger } from '../api/index.ts'
import { type ClientSettings, defaultClientSettings } from '../kafka/client-settings.ts'
import { Cluster } from '../kafka/cluster.ts'
import { KafkaOffsetStore } from '../storage/kafka-offset-store.ts'
import { type SourceServices, type SourceServicesOptions, sourceServices } from './source-services.ts'

export interface KafkaServicesOptions
  extends Pick<SourceServicesOptions, 'client' | 'openPipeline' | 'codec' | 'writer' | 'settings'> {
  /** Of the connector that uses the services: part of the keys of stored offsets, and the client id unless `client` has one. */
  readonly connectorName: string
  /** What it has of `sourceKeys` and `errorKeys` counts. */
  readonly config?: Readonly<Record<string, string>>
  /** Topics that must exist. Others are looked up when they are first written to, and created as `config` or the brokers have it. */
  readonly topics: readonly string[]
  /** Compacted, created if it is missing; several connectors may share it. `replicationFactor` -1 (default) = the brokers' own. */
  readonly offsetsTopic: { readonly name: string; readonly replicationFactor?: number }
  readonly logger: Logger
}

/** To be closed after the worker has stopped. */
export type KafkaServices = SourceServices

/**
 * What a source connector of one's own runs on: its records go to one Kafka cluster, and so do its offsets.
 * Rejects with ConfigError when a topic does not exist or the configuration has mistakes, and with ConnectError when the cluster cannot be used.
 * @param signal aborted = give up opening
 */
export async function openKafkaServices(
  options: KafkaServicesOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<KafkaServices> {
  const { connectorName, topics, offsetsTopic, config = {}, logger } = options
  const client: ClientSettings = { ...defaultClientSettings, clientId: connectorName, ...options.client }
  const cluster = new Cluster(client, logger)
  try {
    const found = await cluster.describeTopics(topics)
    const missing = topics.filter(topic => !found.has(topic))
    if (missing.length > 0) {
      const message = `there is no such topic on ${client.bootstrapServers.join(',')}; create it first`
      throw new ConfigError(missing.map(value => ({ key: 'topics', value, message })))
    }
    const { name: topic, replicationFactor = -1 } = offsetsTopic
    const offsetStore = await KafkaOffsetStore.open(cluster, { topic, connectorName, replicationFactor }, signal)
    const services = sourceServices({ ...options, config, offsetStore, topicCreation: 'enabled' })
    return {
      ...services,
      async close() {
        await services.close()
        await offsetStore.close()
        await cluster.close()
      },
    }
  } catch (error) {
    await cluster.close()
    throw error
  }
}
