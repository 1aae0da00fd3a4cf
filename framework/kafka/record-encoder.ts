import { ConnectError, type EncodedRecords, type SourceRecord } from '../api/index.ts'
import type { Cluster } from './cluster.ts'
import { EncodedBatch } from './encoded-batch.ts'
import { type Codec, encodeBatch, partitionOf } from './record-batch/index.ts'

/** A batch is closed before its keys, values and headers exceed this: below the brokers' `message.max.bytes` of 1048588. */
const BATCH_BYTES = 900_000
/** Of a record, beside its bytes, at most about. */
const RECORD_OVERHEAD_BYTES = 32

/**
 * Turns records into batches for the partitions they belong to, in order. As Kafka's default partitioner does: by the hash of the key, and
 * records without a key together into one partition, the next call's into the next one.
 */
export class RecordEncoder {
  readonly #cluster: Cluster
  readonly #codec: Codec
  #turn = 0

  /** @param cluster must have described the topics of records that do not name their partition */
  constructor(cluster: Cluster, codec: Codec = 'none') {
    this.#cluster = cluster
    this.#codec = codec
  }

  /** @throws ConnectError TOPIC_UNKNOWN, kind `partition`, for a topic that the cluster has not described or a partition that it does not have */
  encode(records: readonly SourceRecord[]): EncodedRecords[] {
    const batches: EncodedRecords[] = []
    for (const [topic, ofTopic] of Map.groupBy(records, record => record.topic)) {
      const count = this.#partitionCount(topic, ofTopic)
      const turn = this.#turn++ % count
      for (const [partition, group] of Map.groupBy(ofTopic, record => partitionFor(record, count, turn))) {
        if (partition >= count)
          throw unknown(`topic ${topic} has ${count} partitions, so partition ${partition} cannot be written`)
        for (const batch of inBatches(group)) {
          const bytes = encodeBatch(batch.map(withTimestamp), { codec: this.#codec })
          batches.push(new EncodedBatch(topic, partition, bytes, batch.length))
        }
      }
    }
    return batches
  }

  /** Infinite where nobody knows and nobody needs to. */
  #partitionCount(topic: string, records: readonly SourceRecord[]): number {
    const metadata = this.#cluster.topic(topic)
    if (metadata === undefined && records.every(({ partition }) => partition !== undefined)) return Number.POSITIVE_INFINITY
    if (metadata === undefined) throw unknown(`topic ${topic} is not known here: name it when the services are opened`)
    return metadata.partitions.length
  }
}

function partitionFor({ partition, key }: SourceRecord, count: number, turn: number): number {
  return partition ?? (key === null ? turn : partitionOf(key, count))
}

function* inBatches(records: readonly SourceRecord[]): Generator<readonly SourceRecord[]> {
  let from = 0
  let bytes = 0
  for (let i = 0; i < records.length; i++) {
    const size = sizeOf(records[i]!)
    if (i > from && bytes + size > BATCH_BYTES) {
      yield records.slice(from, i)
      from = i
      bytes = 0
    }
    bytes += size
  }
  if (from < records.length) yield records.slice(from)
}

function sizeOf({ key, value, headers }: SourceRecord): number {
  let size = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  for (const header of headers) size += RECORD_OVERHEAD_BYTES + header.key.length * 3 + (header.value?.length ?? 0)
  return size
}

/** A producer's record always has a time. */
function withTimestamp(record: SourceRecord): SourceRecord {
  return record.timestamp < 0 ? { ...record, timestamp: Date.now() } : record
}

function unknown(message: string): ConnectError {
  return new ConnectError('TOPIC_UNKNOWN', message, { kind: 'partition', stage: 'transform' })
}
