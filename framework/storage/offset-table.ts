import type { SourceOffset } from '../api/index.ts'
import type { StoredOffset } from './offset-records.ts'
import { partitionKey } from './partition-key.ts'

/** Where and when a record was written. */
interface Place {
  readonly partition: number
  readonly timestamp: number
}

interface Row extends Place {
  readonly offset: SourceOffset | null
}

/**
 * The newest offset by connector and source partition. Keys that differ in the order of their fields alone are one row; they may lie in
 * different partitions of the topic, between which only the timestamp tells which is newer.
 */
export class OffsetTable {
  readonly #rows = new Map<string, Map<string, Row>>()

  put({ connectorName, partition, offset }: StoredOffset, place: Place): void {
    let rows = this.#rows.get(connectorName)
    if (rows === undefined) {
      rows = new Map()
      this.#rows.set(connectorName, rows)
    }
    const key = partitionKey(partition)
    const before = rows.get(key)
    if (before !== undefined && before.partition !== place.partition && before.timestamp > place.timestamp) return
    rows.set(key, { offset, partition: place.partition, timestamp: place.timestamp })
  }

  /** @param key as `partitionKey` makes it; null = none, or deleted */
  get(connectorName: string, key: string): SourceOffset | null {
    return this.#rows.get(connectorName)?.get(key)?.offset ?? null
  }
}
