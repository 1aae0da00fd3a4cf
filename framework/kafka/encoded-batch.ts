import type { EncodedRecords, SourceRecord } from '../api/index.ts'
import { decodeBatch, RecordBatch } from './record-batch/index.ts'

/** A record batch on its way to a target partition, decoded when first looked at. */
export class EncodedBatch implements EncodedRecords {
  readonly topic: string
  readonly partition: number
  readonly count: number
  #bytes: Buffer
  #records: readonly SourceRecord[] | null = null

  constructor(topic: string, partition: number, bytes: Buffer, count: number) {
    this.topic = topic
    this.partition = partition
    this.#bytes = bytes
    this.count = count
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  records(): readonly SourceRecord[] {
    const { topic, partition } = this
    this.#records ??= decodeBatch(new RecordBatch(this.#bytes)).map(({ key, value, headers, timestamp }) => ({
      topic,
      partition,
      key,
      value,
      headers,
      timestamp,
    }))
    return this.#records
  }

  detach(): void {
    this.#bytes = Buffer.from(this.#bytes)
  }
}
