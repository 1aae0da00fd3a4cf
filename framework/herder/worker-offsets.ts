import type { Logger } from '../api/index.ts'
import { topicSettings } from '../config/worker-config.ts'
import { Cluster } from '../kafka/cluster.ts'
import { FileOffsets } from '../storage/file-offsets.ts'
import { KafkaOffsetStore } from '../storage/kafka-offset-store.ts'
import type { OffsetStore } from '../storage/offset-store.ts'
import type { WorkerSettings } from './worker-settings.ts'

/** Where a worker keeps the offsets of its sources. */
export interface WorkerOffsets {
  /** @param signal aborted = give up opening */
  forConnector(name: string, signal: AbortSignal): Promise<OffsetStore>
  /** After the worker has stopped. */
  close(): Promise<void>
}

/** A file is read at once, a topic when the first source needs it. @throws ConfigError for a file that cannot be used */
export async function openWorkerOffsets(settings: WorkerSettings, logger: Logger): Promise<WorkerOffsets> {
  const { offsetFile } = settings.config
  if (offsetFile === '') return new TopicOffsets(settings, logger)
  const offsets = await FileOffsets.open(offsetFile)
  return { forConnector: async name => offsets.forConnector(name), close: async () => undefined }
}

class TopicOffsets implements WorkerOffsets {
  readonly #settings: WorkerSettings
  readonly #cluster: Cluster
  #store: Promise<KafkaOffsetStore> | undefined

  constructor(settings: WorkerSettings, logger: Logger) {
    this.#settings = settings
    this.#cluster = new Cluster(settings.client, logger)
  }

  async forConnector(name: string, signal: AbortSignal): Promise<OffsetStore> {
    this.#store ??= this.#open(name, signal).catch((error: unknown) => {
      this.#store = undefined
      throw error
    })
    return (await this.#store).forConnector(name)
  }

  async close(): Promise<void> {
    const [opened] = await Promise.allSettled([this.#store])
    if (opened.status === 'fulfilled') await opened.value?.close()
    await this.#cluster.close()
  }

  #open(connectorName: string, signal: AbortSignal): Promise<KafkaOffsetStore> {
    const { properties, config } = this.#settings
    const options = {
      topic: config.offsetTopic,
      connectorName,
      replicationFactor: config.offsetReplicationFactor,
      partitions: config.offsetPartitions,
      configs: topicSettings(properties, 'offset'),
    }
    return KafkaOffsetStore.open(this.#cluster, options, signal)
  }
}
