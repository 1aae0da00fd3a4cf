import type { KafkaCluster } from './cluster.ts'

/** A cluster, or the bootstrap servers of a plaintext one, or servers with the properties of a Java client. */
export type Target =
  | string
  | Pick<KafkaCluster, 'bootstrapServers' | 'security'>
  | { readonly bootstrapServers: string; readonly javaProperties: Readonly<Record<string, string>> }

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
export type Bytes = Buffer | string | null
export type Isolation = 'read_committed' | 'read_uncommitted'

export interface OutgoingRecord {
  /** Left to the default partitioner when absent. */
  readonly partition?: number
  /** ms since the epoch; now when absent. */
  readonly timestamp?: number
  /** Strings are sent as UTF-8. */
  readonly key?: Bytes
  readonly value?: Bytes
  readonly headers?: readonly (readonly [string, Bytes])[]
}

export interface DumpedRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [string, Buffer | null])[]
}

/** A record batch as it lies in a broker's log. */
export interface DumpedBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly count: number
  readonly codec: Codec
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly maxTimestamp: number
  readonly sizeBytes: number
  /** -1 without an idempotent producer. */
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly leaderEpoch: number
  /** When the cleaner may drop its tombstones; -1 = it holds none that the cleaner has seen. */
  readonly deleteHorizonMs: number
  readonly transactional: boolean
  readonly control: boolean
}

export interface ProducerOptions {
  readonly codec?: Codec
  /** A batch is closed at this size and at the end, never by time; 65536 by default, 0: one record per batch. */
  readonly batchBytes?: number
  /** Further properties of the Java producer. */
  readonly producer?: Readonly<Record<string, string>>
}

export interface ProduceOptions extends ProducerOptions {
  /** All records in one transaction of this id. */
  readonly transactionalId?: string
  /** Aborts that transaction instead of committing it. */
  readonly abort?: boolean
}

export interface ShapesOptions extends ProducerOptions {
  /** 1 by default. */
  readonly partitions?: number
  /** Of all shapes (34 records); round n goes to partition n mod partitions. One per partition by default. */
  readonly rounds?: number
  /** Of the largest record, 1000000 by default: near Kafka's default max.message.bytes of 1048588. */
  readonly maxValueBytes?: number
}

export interface TransactionsOptions extends ProducerOptions {
  readonly partitions?: number
  /** 3 by default. */
  readonly producers?: number
  /** 20 by default. */
  readonly transactions?: number
  /** 40 by default, sent in four parts with other producers' between. */
  readonly recordsPerTransaction?: number
  /** 200 by default. */
  readonly valueBytes?: number
  /** 0.4 by default. */
  readonly abortRatio?: number
  /** Same seed, same records and order. 1 by default. */
  readonly seed?: number
  /** Ends with one transaction neither committed nor aborted. */
  readonly leaveOpen?: boolean
}

/** Numbers of records. */
export interface TransactionsResult {
  readonly committed: number
  readonly aborted: number
  readonly plain: number
  readonly open: number
}

export interface LoadOptions extends ProducerOptions {
  readonly partitions?: number
  /** Records per second over all partitions, 1000 by default; 0: as fast as it goes. */
  readonly rate?: number
  readonly seconds?: number
  readonly count?: number
  /** 1000 by default. */
  readonly valueBytes?: number
  /** True (default): JSON-like text; false: random bytes. */
  readonly compressible?: boolean
  /** True (default): a thousand different keys; false: null keys. */
  readonly keys?: boolean
}

export interface LoadResult {
  readonly sent: number
  readonly failed: number
  /** Of the first failure; empty when none. */
  readonly error: string
  /** Records acknowledged, by partition. */
  readonly acknowledged: readonly number[]
  readonly seconds: number
}

export interface Load {
  /** When every record is acknowledged or refused. */
  readonly done: Promise<LoadResult>
  /** Sends no more. */
  stop(): Promise<LoadResult>
}

export interface ArrivalsOptions {
  readonly to: Target
  /** Must exist. */
  readonly toTopic: string
  /** Records per second, 50 by default. */
  readonly rate?: number
  readonly count: number
  /** For the last ones to arrive; 30 by default. */
  readonly waitSeconds?: number
}

/** A record by an outside clock: milliseconds since the epoch. */
export interface Arrival {
  readonly offset: number
  /** Its own, when it was sent: whole milliseconds. */
  readonly timestamp: number
  readonly acknowledged: number
  /** When the consumer had it; -1 = it did not arrive. */
  readonly arrived: number
}

export interface Arrivals {
  /** When all have arrived, or the wait for them is over. */
  readonly done: Promise<readonly Arrival[]>
  /** Sends no more. */
  stop(): Promise<readonly Arrival[]>
}

export interface CompareOptions {
  /** Same name as on the source by default. */
  readonly targetTopic?: string
  /** read_committed by default; the target is always read so. */
  readonly sourceIsolation?: Isolation
  /** False: records may differ in their timestamp. */
  readonly timestamps?: boolean
}

export interface ConsumeOptions {
  readonly group: string
  /** Either these or a Java regular expression. */
  readonly topics?: readonly string[]
  readonly pattern?: string
  /** `classic` by default; `consumer` = of KIP-848. */
  readonly protocol?: 'classic' | 'consumer'
  /** Where there is no committed offset; `earliest` by default, `none`: an error. */
  readonly reset?: 'earliest' | 'latest' | 'none'
  readonly isolation?: Isolation
  /** Ends after so many, having committed exactly these. */
  readonly count?: number
  /** 500 by default. */
  readonly maxPollRecords?: number
}

export interface SeenRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly value: string | null
}

/** Numbers of records; see test/interop/Compare.java. */
export interface Comparison {
  readonly source: number
  readonly target: number
  readonly missing: number
  readonly duplicated: number
  readonly reordered: number
  readonly altered: number
  readonly unexpected: number
  /** None of the five. */
  readonly equal: boolean
  /** Up to ten: what, partition and offset. */
  readonly examples: readonly string[]
}

export interface TopicOptions {
  /** 1 by default. */
  readonly partitions?: number
  /** The cluster's default when absent. */
  readonly replicationFactor?: number
  readonly config?: Readonly<Record<string, string>>
}

export interface TopicDescription {
  readonly name: string
  readonly topicId: string
  readonly internal: boolean
  readonly partitions: readonly {
    readonly partition: number
    readonly leader: number
    readonly replicas: readonly number[]
    readonly isr: readonly number[]
  }[]
}

export type ConfigResource = { readonly topic: string } | { readonly broker: string }

export interface ConfigChange {
  readonly set?: Readonly<Record<string, string>>
  readonly delete?: readonly string[]
}

export type ConfigEntries = Readonly<Record<string, { readonly value: string | null; readonly source: string }>>

export interface PartitionOffsets {
  readonly partition: number
  readonly earliest: number
  readonly latest: number
}

export interface GroupOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly metadata?: string
}

export interface Acl {
  /** TOPIC by default when created. */
  readonly resourceType?: string
  readonly name: string
  /** LITERAL by default when created. */
  readonly patternType?: string
  readonly principal: string
  readonly host?: string
  readonly operation: string
  /** ALLOW by default when created. */
  readonly permission?: string
}
