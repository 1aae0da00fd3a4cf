/** A header as the log holds it: names may repeat and their order counts. */
export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

/** Identifies a stream of records at its source, e.g. `{ cluster: 'A', partition: 0, topic: 'foo' }`. Primitive values only. */
export type SourcePartition = Readonly<Record<string, string | number | boolean | null>>

/** A place in a source partition, e.g. `{ offset: 123 }`. Primitive values only. */
export type SourceOffset = Readonly<Record<string, string | number | boolean | null>>

/** One record on its way to Kafka. */
export interface SourceRecord {
  /** Target topic. */
  readonly topic: string
  /** Target partition; absent = chosen by the key's hash, or in turn where there is no key. */
  readonly partition?: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
  /** Milliseconds since the epoch; -1 = none. */
  readonly timestamp: number
}

/**
 * One RecordBatch (magic 2) as bytes, ready to be appended to a target partition.
 * Nobody pays for decoding it unless somebody looks.
 */
export interface EncodedRecords {
  readonly topic: string
  readonly partition: number
  /** The whole batch, header included. Owned by the receiver: the producer's header fields are stamped in place. */
  readonly bytes: Buffer
  /** Records in the batch. */
  readonly count: number
  /** Decodes on the first call, returns the same array afterwards. Throws `ConnectError` BATCH_CORRUPT. */
  records(): readonly SourceRecord[]
  /** Moves the bytes out of memory that they share with others, because they will have to wait. */
  detach?(): void
  /** Others were made of its records: nobody looks at the bytes any more. */
  release?(): void
  /** Where the record with this index came from, in words, for messages about it. */
  origin?(index: number): string
}
