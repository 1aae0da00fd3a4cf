import { access, constants } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ConfigError, type Logger } from '../api/index.ts'
import { connectWorkerKeys } from '../config/connect/worker-keys.ts'
import { topicSettings } from '../config/worker-config.ts'
import { Cluster } from '../kafka/cluster.ts'
import { FileOffsets } from '../storage/file-offsets.ts'
import { KafkaOffsetStore } from '../storage/kafka-offset-store.ts'
import type { OffsetStore } from '../storage/offset-store.ts'
import type { WorkerSettings } from './worker-settings.ts'

/** Where a worker keeps the offsets of its sources. */
export interface WorkerOffsets {
  forConnector(name: string): OffsetStore
  /** After the worker has stopped. */
  close(): Promise<void>
}

/**
 * A file is read at once, a topic when offsets are first asked for: a cluster that is away fails tasks, which are started again.
 * @param signal aborted = give up opening
 * @throws ConfigError for a file that cannot be used
 */
export async function openWorkerOffsets(settings: WorkerSettings, logger: Logger, signal: AbortSignal): Promise<WorkerOffsets> {
  const { offsetFile } = settings.config
  if (offsetFile === '') return new TopicOffsets(settings, logger, signal)
  const offsets = await FileOffsets.open(offsetFile)
  await checkFolder(offsetFile)
  return { forConnector: name => offsets.forConnector(name), close: async () => undefined }
}

/** Each commit writes a new file there. */
async function checkFolder(file: string): Promise<void> {
  try {
    await access(dirname(resolve(file)), constants.W_OK)
  } catch (error) {
    const message = `its folder cannot be written to: ${(error as Error).message}; create it, or name another file`
    throw new ConfigError([{ key: connectWorkerKeys.offsetFile.kafka, value: file, message }])
  }
}

class TopicOffsets implements WorkerOffsets {
  readonly #settings: WorkerSettings
  readonly #cluster: Cluster
  readonly #signal: AbortSignal
  #store: Promise<KafkaOffsetStore> | undefined

  constructor(settings: WorkerSettings, logger: Logger, signal: AbortSignal) {
    this.#settings = settings
    this.#signal = signal
    this.#cluster = new Cluster(settings.client, logger)
  }

  forConnector(name: string): OffsetStore {
    const opened = async (): Promise<OffsetStore> => (await this.#opened(name)).forConnector(name)
    return {
      load: async partitions => (await opened()).load(partitions),
      save: async (entries, signal) => (await opened()).save(entries, signal),
    }
  }

  async close(): Promise<void> {
    const [opened] = await Promise.allSettled([this.#store])
    if (opened.status === 'fulfilled') await opened.value?.close()
    await this.#cluster.close()
  }

  #opened(name: string): Promise<KafkaOffsetStore> {
    this.#store ??= this.#open(name).catch((error: unknown) => {
      this.#store = undefined
      throw error
    })
    return this.#store
  }

  #open(connectorName: string): Promise<KafkaOffsetStore> {
    const { properties, config } = this.#settings
    const options = {
      topic: config.offsetTopic,
      connectorName,
      replicationFactor: config.offsetReplicationFactor,
      partitions: config.offsetPartitions,
      configs: topicSettings(properties, 'offset'),
    }
    return KafkaOffsetStore.open(this.#cluster, options, this.#signal)
  }
}
