import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { TopicLog } from '../../../framework/kafka/topic-log.ts'
import { OffsetSyncTable } from './offset-sync-table.ts'

export interface OffsetSyncStoreOptions {
  /** `ReplicationPolicy.offsetSyncsTopic(…)`. */
  readonly topic: string
  /** As of `OffsetSyncTable`. */
  readonly mustReadToEnd: boolean
}

/** An offset-syncs topic as a table that follows it: read on demand, or continuously after `tail`. Malformed records are logged and passed over. */
export class OffsetSyncStore {
  readonly table: OffsetSyncTable
  readonly #log: TopicLog

  /**
   * Reads the whole topic.
   * Rejects with TOPIC_MISSING when it has not existed for 30 s, with the reason when it cannot be read, with ABORTED.
   * @param cluster where the topic is; stays the caller's to close
   */
  static async open(
    cluster: Cluster,
    { topic, mustReadToEnd }: OffsetSyncStoreOptions,
    signal: AbortSignal,
  ): Promise<OffsetSyncStore> {
    const table = new OffsetSyncTable(topic, mustReadToEnd)
    const onRecord = (record: Parameters<OffsetSyncTable['put']>[0]): void => {
      if (record.partition === 0) table.put(record)
    }
    const log = await TopicLog.open(cluster, { topic, onRecord }, signal)
    table.readToEnd()
    return new OffsetSyncStore(log, table)
  }

  private constructor(log: TopicLog, table: OffsetSyncTable) {
    this.#log = log
    this.table = table
  }

  /** Resolves when all that is stored by now is in the table. */
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
