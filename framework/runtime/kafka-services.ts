import { ConfigError, type Logger } from '../api/index.ts'
import { type ClientSettings, defaultClientSettings } from '../kafka/client-settings.ts'
import { Cluster } from '../kafka/cluster.ts'
import type { Codec } from '../kafka/record-batch/index.ts'
import { RecordEncoder } from '../kafka/record-encoder.ts'
import { defaultWriterSettings, type WriterSettings } from '../kafka/writer/settings.ts'
import { KafkaWriter } from '../kafka/writer/writer.ts'
import { KafkaOffsetStore } from '../storage/kafka-offset-store.ts'
import { defaultSourceTaskSettings, type SourceTaskSettings } from './settings.ts'
import type { TaskServices } from './source-task-host.ts'

export interface KafkaServicesOptions {
  readonly client: Pick<ClientSettings, 'bootstrapServers'> & Partial<ClientSettings>
  /** Of the connector that uses the services: part of the keys of stored offsets, and the client id unless `client` has one. */
  readonly connectorName: string
  /** All topics that its tasks write to. They must exist; partitions added later are written to after the next start. */
  readonly topics: readonly string[]
  /** Compacted, created if it is missing; several connectors may share it. `replicationFactor` -1 (default) = the brokers' own. */
  readonly offsetsTopic: { readonly name: string; readonly replicationFactor?: number }
  /** How batches are compressed; `none` by default. */
  readonly codec?: Codec
  readonly writer?: WriterSettings
  readonly settings?: SourceTaskSettings
  readonly logger: Logger
}

export interface KafkaServices extends TaskServices {
  /** After the worker has stopped. */
  close(): Promise<void>
}

/**
 * What a source connector of one's own runs on: its records go to one Kafka cluster, and so do its offsets.
 * Rejects with ConfigError when a topic does not exist, and with ConnectError when the cluster cannot be used.
 * @param signal aborted = give up opening
 */
export async function openKafkaServices(
  options: KafkaServicesOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<KafkaServices> {
  const { connectorName, topics, offsetsTopic, logger, writer = defaultWriterSettings } = options
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
    const encoder = new RecordEncoder(cluster, options.codec)
    return {
      offsetStore,
      createWriter: task => KafkaWriter.open(new Cluster(client, task.logger), task.signal, writer),
      encodeRecords: records => encoder.encode(records),
      settings: options.settings ?? defaultSourceTaskSettings,
      async close() {
        await offsetStore.close()
        await cluster.close()
      },
    }
  } catch (error) {
    await cluster.close()
    throw error
  }
}
