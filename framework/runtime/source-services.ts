import { ConnectError, type Logger } from '../api/index.ts'
import { type ClientSettings, defaultClientSettings } from '../kafka/client-settings.ts'
import { Cluster } from '../kafka/cluster.ts'
import type { Codec } from '../kafka/record-batch/index.ts'
import { RecordEncoder } from '../kafka/record-encoder.ts'
import { defaultWriterSettings, type WriterSettings } from '../kafka/writer/settings.ts'
import { KafkaWriter } from '../kafka/writer/writer.ts'
import type { OffsetStore } from '../storage/offset-store.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { EncodeRecords } from './part-encoder.ts'
import { PartitionRegistry } from './partition-registry.ts'
import { defaultSourceTaskSettings, type SourceTaskSettings } from './settings.ts'
import { parseSourceConfig } from './source-config.ts'
import { TargetTopics } from './target-topics.ts'
import type { TaskServices } from './task-services.ts'

export interface SourceServicesOptions {
  readonly client: Pick<ClientSettings, 'bootstrapServers'> & Partial<ClientSettings>
  readonly connectorName: string
  /** Of the connector: what it has of `sourceKeys` and `errorKeys` counts. */
  readonly config: Readonly<Record<string, string>>
  /** Not closed with the services. */
  readonly offsetStore: OffsetStore
  /** Converters and transforms, opened for each run of a task. Absent = the connector's records are bytes, and stay as they are. */
  readonly openPipeline?: (logger: Logger) => Promise<RecordPipeline>
  readonly settings?: Partial<SourceTaskSettings>
  /** How batches are compressed, unless the configuration says so; `none` by default. */
  readonly codec?: Codec
  readonly writer?: WriterSettings
  /** `topic.creation.enable` of the worker. */
  readonly topicCreation: 'enabled' | 'disabled'
  readonly trace?: TaskServices['trace']
  readonly logger: Logger
}

export interface SourceServices extends TaskServices {
  /** Of the connector, in all its runs. */
  readonly partitions: PartitionRegistry
  /** After the connector's tasks have ended. */
  close(): Promise<void>
}

/**
 * What a source connector runs on. Nothing is opened before its tasks start; its topics are looked up when they are first written to.
 * Throws `ConfigError` with every problem of the configuration.
 */
export const sourceServices = (options: SourceServicesOptions): SourceServices => {
  const {
    connectorName,
    config,
    offsetStore,
    openPipeline,
    topicCreation,
    logger,
    trace,
    writer = defaultWriterSettings,
  } = options
  const { errors, creation, codec = options.codec, windowBytes, lossNoticeMs } = parseSourceConfig(config, logger)
  const client: ClientSettings = { ...defaultClientSettings, clientId: connectorName, ...options.client }
  const cluster = new Cluster(client, logger)
  const isEnabled = topicCreation === 'enabled'
  const topics = new TargetTopics({
    cluster,
    ...(isEnabled && creation && { creation }),
    remedy: isEnabled ? `have it created: set ${KEYS}` : `set topic.creation.enable = true for the worker, and ${KEYS}`,
    logger,
  })
  return {
    offsetStore,
    createWriter: task => KafkaWriter.open(new Cluster(client, task.logger), task.signal, writer),
    encodeRecords: encoding(topics, new RecordEncoder(cluster, codec)),
    ...(openPipeline && { openPipeline }),
    ...(trace && { trace }),
    errors,
    settings: {
      ...defaultSourceTaskSettings,
      windowBytes,
      permitBytes: Math.min(windowBytes, defaultSourceTaskSettings.permitBytes),
      ...options.settings,
    },
    partitions: new PartitionRegistry(lossNoticeMs),
    async close() {
      await cluster.close()
      await topics.closed()
    },
  }
}

const KEYS = 'topic.creation.default.replication.factor and topic.creation.default.partitions (-1 = what the brokers have)'

/** At once where all topics are known. A partition that is not known may be a new one. */
const encoding = (topics: TargetTopics, encoder: RecordEncoder): EncodeRecords => {
  return (records, signal) => {
    topics.refreshIfOld()
    const unknown = topics.unknownOf(records)
    if (unknown.length > 0) return topics.find(unknown, signal).then(() => encoder.encode(records))
    try {
      return encoder.encode(records)
    } catch (error) {
      if (!(error instanceof ConnectError && error.code === 'TOPIC_UNKNOWN')) throw error
      return topics.refresh().then(() => encoder.encode(records))
    }
  }
}
