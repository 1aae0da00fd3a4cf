import type { SourceOffset, SourcePart, SourcePartition, SourceRecord } from '../../../framework/api/index.ts'
import { EncodedBatch } from '../../../framework/kafka/encoded-batch.ts'
import type { SharedMemory } from '../../../framework/kafka/reader/buffer-pool.ts'
import type { FetchedBatch } from '../../../framework/kafka/reader/fetched.ts'
import { type Codec, RecordBatch } from '../../../framework/kafka/record-batch/index.ts'

/** What the header of a batch says of its records. */
export interface BatchHeader {
  readonly codec: Codec
  /** Milliseconds since the epoch; -1 = none. */
  readonly maxTimestamp: number
}

/** A batch of the source under the name of its target, in the memory of the response it came with. */
export class MirrorRecords extends EncodedBatch {
  readonly #batch: FetchedBatch
  readonly #from: string
  #memory: SharedMemory | null
  #header: BatchHeader | undefined

  /** @param from where it was read, for messages: `topic-3 on A` */
  constructor(topic: string, partition: number, batch: FetchedBatch, from: string, memory: SharedMemory) {
    super(topic, partition, batch.bytes, batch.count)
    this.#batch = batch
    this.#from = from
    this.#memory = memory
  }

  /** To be asked for before `release`, unless the records were looked at. */
  get header(): BatchHeader {
    if (this.#header !== undefined) return this.#header
    const { codec, maxTimestamp } = new RecordBatch(this.bytes)
    this.#header = { codec, maxTimestamp }
    return this.#header
  }

  override records(): readonly SourceRecord[] {
    const records = super.records()
    this.#header ??= this.header
    return records
  }

  /** Source offset of the first record. */
  get firstOffset(): number {
    return this.#batch.sourceOffsets?.[0] ?? this.#batch.firstOffset
  }

  /** Source offsets of all; null = they follow the first one without holes. */
  get sourceOffsets(): readonly number[] | null {
    return this.#batch.sourceOffsets
  }

  /** Source offset of the record with this index. */
  offsetOf(index: number): number {
    const { sourceOffsets, firstOffset } = this.#batch
    return sourceOffsets === null ? firstOffset + index : (sourceOffsets[index] ?? firstOffset)
  }

  origin(index: number): string {
    return `the record at offset ${this.offsetOf(index)} of ${this.#from}`
  }

  override detach(): void {
    if (this.#memory === null) return
    super.detach()
    this.release()
  }

  /** Nobody looks at the bytes any more. */
  release(): void {
    this.#memory?.release()
    this.#memory = null
  }
}

export class MirrorPart implements SourcePart {
  readonly sourcePartition: SourcePartition
  readonly sourceOffset: SourceOffset
  readonly records: MirrorRecords
  /** When its bytes arrived: milliseconds of `performance.now()`. */
  readonly receivedAt: number
  /** Of its first and its latest record: milliseconds since the epoch; -1 = they have none. */
  readonly firstTimestamp: number
  readonly maxTimestamp: number
  readonly byteLength: number
  /** The one read after it, of the same partition. */
  next: MirrorPart | null = null

  constructor(sourcePartition: SourcePartition, sourceOffset: SourceOffset, records: MirrorRecords, receivedAt: number) {
    this.sourcePartition = sourcePartition
    this.sourceOffset = sourceOffset
    this.records = records
    this.receivedAt = receivedAt
    this.byteLength = records.bytes.length
    const { firstTimestamp, maxTimestamp } = new RecordBatch(records.bytes)
    this.firstTimestamp = firstTimestamp
    this.maxTimestamp = maxTimestamp
  }
}
