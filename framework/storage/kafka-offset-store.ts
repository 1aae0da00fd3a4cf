import type { SourceOffset, SourcePartition } from '../api/index.ts'
import { createCompactedTopic } from '../kafka/admin/topics.ts'
import type { Cluster } from '../kafka/cluster.ts'
import { partitionOf } from '../kafka/record-batch/index.ts'
import { retrying } from '../kafka/retry.ts'
import { TopicLog, type TopicLogEntry } from '../kafka/topic-log.ts'
import { offsetKey, parseOffsetRecord } from './offset-records.ts'
import type { OffsetEntry, OffsetStore } from './offset-store.ts'
import { OffsetTable } from './offset-table.ts'
import { partitionKey } from './partition-key.ts'

/** `offset.storage.partitions` */
const DEFAULT_PARTITIONS = 25
/** Appended to a connector's name: keeps our additions apart from what Kafka Connect stores under the name itself. */
const COMPANION = '/isthmus'

export interface KafkaOffsetStoreOptions {
  /** `offset.storage.topic`; created when missing. */
  readonly topic: string
  /** As in the configuration: part of every key. */
  readonly connectorName: string
  /** `offset.storage.replication.factor`; -1 = the broker's default. */
  readonly replicationFactor: number
  /** `offset.storage.partitions`; 25 by default. */
  readonly partitions?: number
  /** `offset.storage.*`: further settings of a new topic. */
  readonly configs?: Readonly<Record<string, string>>
  /** The fields of an offset that the standard record holds, in this order; absent = all, and no companion is written. */
  readonly standardFields?: readonly string[]
}

/**
 * Source offsets in a compacted topic, byte for byte as Kafka Connect stores them with schemaless JSON: key
 * `["<connector>",<partition>]`, value the offset, fields in the order given. Connect looks keys up by their bytes, so callers
 * pass partitions in the order that the connector's Java counterpart has; reading takes any order.
 *
 * An offset with more than the standard fields has a companion with all of them, key `["<connector>/isthmus",<partition>]`, which
 * Connect takes for another connector's. Both lie in the partition of the standard key and go out as one batch, companion first:
 * a broker appends a batch whole or not at all. Where a very large save is cut between two batches, a crash leaves a companion
 * that is newer than the standard offset, never the reverse. `load` uses a companion only if it agrees with the standard record:
 * the older standard offset is then resumed from, without its additions, which copies some records again and loses none.
 * The same holds when another program, MirrorMaker 2 say, has moved the standard offset on.
 */
export class KafkaOffsetStore implements OffsetStore {
  readonly #log: TopicLog
  readonly #table: OffsetTable
  readonly #options: KafkaOffsetStoreOptions

  /**
   * Creates the topic if it is missing and reads it.
   * Rejects with a `ConnectError` when the topic cannot be created or read, or when `signal` aborts.
   * @param cluster stays the caller's to close, after the store
   */
  static async open(cluster: Cluster, options: KafkaOffsetStoreOptions, signal: AbortSignal): Promise<KafkaOffsetStore> {
    const { topic, replicationFactor, partitions = DEFAULT_PARTITIONS, configs = {} } = options
    const creation = { name: topic, partitions, replicationFactor, configs }
    await retrying(cluster, `creating topic ${topic}`, () => createCompactedTopic(cluster, creation), { signal })
    const table = new OffsetTable()
    const log = await TopicLog.open(cluster, { topic, onRecord: record => table.put(parseOffsetRecord(record), record) }, signal)
    return new KafkaOffsetStore(log, table, options)
  }

  private constructor(log: TopicLog, table: OffsetTable, options: KafkaOffsetStoreOptions) {
    this.#log = log
    this.#table = table
    this.#options = options
  }

  async load(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | null)[]> {
    await this.#log.readToEnd()
    return partitions.map(partition => this.#offsetOf(partition))
  }

  /** Rejects with a `ConnectError` that names the topic when a broker refuses the write. */
  async save(entries: readonly OffsetEntry[], signal: AbortSignal): Promise<void> {
    await this.#log.append(
      entries.flatMap(entry => this.#records(entry)),
      signal,
    )
  }

  /** The offsets of another connector in the same topic, which is read once for all of them; for as long as this store is open. */
  forConnector(connectorName: string): OffsetStore {
    return new KafkaOffsetStore(this.#log, this.#table, { ...this.#options, connectorName })
  }

  close(): Promise<void> {
    return this.#log.close()
  }

  #offsetOf(partition: SourcePartition): SourceOffset | null {
    const { connectorName, standardFields } = this.#options
    const key = partitionKey(partition)
    const standard = this.#table.get(connectorName, key)
    const companion = standardFields === undefined ? null : this.#table.get(connectorName + COMPANION, key)
    if (standard === null || companion === null) return standard
    const agree = standardFields?.every(field => companion[field] === standard[field])
    return agree ? { ...companion, ...standard } : standard
  }

  #records([partition, offset]: OffsetEntry): TopicLogEntry[] {
    const { connectorName, standardFields = Object.keys(offset) } = this.#options
    const standard = Object.fromEntries(standardFields.flatMap(field => (field in offset ? [[field, offset[field]]] : [])))
    const key = offsetKey(connectorName, partition)
    const topicPartition = partitionOf(key, this.#log.partitionCount)
    const record = { key, value: Buffer.from(JSON.stringify(standard)), partition: topicPartition }
    const hasMore = Object.keys(offset).length > Object.keys(standard).length
    const isOutdated = this.#table.get(connectorName + COMPANION, partitionKey(partition)) !== null
    if (!hasMore && !isOutdated) return [record]
    const companion = {
      key: offsetKey(connectorName + COMPANION, partition),
      value: hasMore ? Buffer.from(JSON.stringify(offset)) : null,
      partition: topicPartition,
    }
    return [companion, record]
  }
}
