import type { Schema } from './data-schema.ts'
import type { ConnectValue } from './data-value.ts'

/** A header before it is bytes, or after. Names may repeat and their order counts. */
export interface ConnectHeader {
  readonly key: string
  readonly schema: Schema | null
  readonly value: ConnectValue
}

/** A record as transforms see it: values, not bytes. */
export interface ConnectRecord {
  readonly topic: string
  /** Null = not decided yet. */
  readonly partition: number | null
  /** Null = the key has no schema. */
  readonly keySchema: Schema | null
  readonly key: ConnectValue
  /** Null = the value has no schema. */
  readonly valueSchema: Schema | null
  readonly value: ConnectValue
  readonly headers: readonly ConnectHeader[]
  /** Milliseconds since the epoch; -1 = none. */
  readonly timestamp: number
  /** Where it was read from; absent on its way to Kafka. */
  readonly offset?: number
}

/** A record with what was left out filled in: no partition, key, schemas, headers or timestamp. */
export function connectRecord(parts: Partial<ConnectRecord> & Pick<ConnectRecord, 'topic'>): ConnectRecord {
  return { partition: null, keySchema: null, key: null, valueSchema: null, value: null, headers: [], timestamp: -1, ...parts }
}
