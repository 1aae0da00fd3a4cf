import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { TopicLog } from '../../../framework/kafka/topic-log.ts'
import type { OffsetMap } from './offset-map.ts'
import { offsetMapTopic } from './offset-map-topic.ts'
import { StoredMap } from './stored-map.ts'

/** The exact offset maps of the flows from one cluster, to read: on demand, or continuously after `tail`. */
export class OffsetMapStore {
  readonly #log: TopicLog
  readonly #map: StoredMap

  /**
   * Reads the whole topic. Malformed records are logged and passed over.
   * Rejects with TOPIC_MISSING when it has not existed for 30 s, with the reason when it cannot be read, with ABORTED.
   * @param cluster the target; stays the caller's to close
   */
  static async open(cluster: Cluster, sourceAlias: string, signal: AbortSignal): Promise<OffsetMapStore> {
    const map = new StoredMap()
    const log = await TopicLog.open(cluster, { topic: offsetMapTopic(sourceAlias), onRecord: record => map.put(record) }, signal)
    return new OffsetMapStore(log, map)
  }

  /** The same, but null at once where the topic does not exist; rejects as well when no broker tells whether it does. */
  static async openIfExists(cluster: Cluster, sourceAlias: string, signal: AbortSignal): Promise<OffsetMapStore | null> {
    const topic = offsetMapTopic(sourceAlias)
    const isThere = (await cluster.describeTopics([topic])).has(topic)
    return isThere ? OffsetMapStore.open(cluster, sourceAlias, signal) : null
  }

  private constructor(log: TopicLog, map: StoredMap) {
    this.#log = log
    this.#map = map
  }

  /** The map of a source partition as last read, which keeps up with what is read later; null = there is none. */
  runsOf(topic: string, partition: number): OffsetMap | null {
    return this.#map.mapOf(topic, partition)
  }

  /** Resolves when all that is stored by now is known. */
  readToEnd(signal?: AbortSignal): Promise<void> {
    return this.#log.readToEnd(signal)
  }

  /** Keeps reading until closed. Rejects when the topic can no longer be read. */
  tail(): Promise<void> {
    return this.#log.tail()
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}
