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
    const topics = new Map<string, TopicBatches>()
    let topic: TopicBatches | undefined
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!
      if (topic?.name !== record.topic) topic = this.#topic(record.topic, topics)
      topic.add(record)
    }
    const batches: EncodedRecords[] = []
    for (const each of topics.values()) each.finish(batches)
    return batches
  }

  #topic(name: string, topics: Map<string, TopicBatches>): TopicBatches {
    let topic = topics.get(name)
    if (topic === undefined) {
      topic = new TopicBatches(name, this.#cluster.topic(name)?.partitions.length, this.#turn++, this.#codec)
      topics.set(name, topic)
    }
    return topic
  }
}

/** The records of one call for one topic, by partition, in the order in which the partitions came. */
class TopicBatches {
  readonly name: string
  readonly #count: number | undefined
  readonly #turn: number
  readonly #codec: Codec
  readonly #partitions = new Map<number, PartitionBatches>()
  #last: PartitionBatches | undefined

  /** @param count of its partitions; undefined where nobody knows, and nobody needs to if every record names its own */
  constructor(name: string, count: number | undefined, turn: number, codec: Codec) {
    this.name = name
    this.#count = count
    this.#turn = turn
    this.#codec = codec
  }

  add(record: SourceRecord): void {
    const partition = record.partition ?? this.#choose(record.key)
    if (this.#last?.partition !== partition) this.#last = this.#partition(partition)
    this.#last.add(record)
  }

  finish(batches: EncodedRecords[]): void {
    for (const partition of this.#partitions.values()) batches.push(...partition.finish())
  }

  #choose(key: Uint8Array | null): number {
    const count = this.#count
    if (count === undefined) throw unknown(`topic ${this.name} is not known here: name it when the services are opened`)
    return key === null ? this.#turn % count : partitionOf(key, count)
  }

  #partition(partition: number): PartitionBatches {
    let found = this.#partitions.get(partition)
    if (found === undefined) {
      if (this.#count !== undefined && partition >= this.#count) {
        throw unknown(`topic ${this.name} has ${this.#count} partitions, so partition ${partition} cannot be written`)
      }
      found = new PartitionBatches(this.name, partition, this.#codec)
      this.#partitions.set(partition, found)
    }
    return found
  }
}

class PartitionBatches {
  readonly partition: number
  readonly #topic: string
  readonly #codec: Codec
  readonly #finished: EncodedBatch[] = []
  #records: SourceRecord[] = []
  #bytes = 0

  constructor(topic: string, partition: number, codec: Codec) {
    this.#topic = topic
    this.partition = partition
    this.#codec = codec
  }

  add(record: SourceRecord): void {
    const size = sizeOf(record)
    if (this.#bytes + size > BATCH_BYTES && this.#records.length > 0) this.finish()
    this.#records.push(record)
    this.#bytes += size
  }

  finish(): readonly EncodedBatch[] {
    const records = this.#records
    const bytes = encodeBatch(records, { codec: this.#codec, now: Date.now() })
    this.#finished.push(new EncodedBatch(this.#topic, this.partition, bytes, records.length))
    this.#records = []
    this.#bytes = 0
    return this.#finished
  }
}

function sizeOf({ key, value, headers }: SourceRecord): number {
  let size = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  for (const header of headers) size += RECORD_OVERHEAD_BYTES + header.key.length * 3 + (header.value?.length ?? 0)
  return size
}

function unknown(message: string): ConnectError {
  return new ConnectError('TOPIC_UNKNOWN', message, { kind: 'partition', stage: 'transform' })
}
