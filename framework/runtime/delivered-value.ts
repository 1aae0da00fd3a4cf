import type { ConnectHeader, ConnectRecord, ConnectValue, Schema, SinkRecord, SinkValue } from '../api/index.ts'

/** A value as the runtime made it of a record: not one that a task has put together itself. */
export class DeliveredValue implements SinkValue {
  readonly topic: string
  readonly partition: number
  readonly keySchema: Schema | null
  readonly key: ConnectValue
  readonly valueSchema: Schema | null
  readonly value: ConnectValue
  readonly headers: readonly ConnectHeader[]
  readonly timestamp: number
  readonly offset: number
  readonly original: SinkRecord

  constructor(converted: ConnectRecord, original: SinkRecord) {
    this.topic = converted.topic
    this.partition = converted.partition ?? original.partition
    this.keySchema = converted.keySchema
    this.key = converted.key
    this.valueSchema = converted.valueSchema
    this.value = converted.value
    this.headers = converted.headers
    this.timestamp = converted.timestamp
    this.offset = original.offset
    this.original = original
  }
}
