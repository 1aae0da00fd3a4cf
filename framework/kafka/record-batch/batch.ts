import { CODEC_NAMES, type Codec } from './codecs/codec.ts'
import { corrupt } from './corrupt.ts'
import { crc32c } from './crc32c.ts'
import { readInt64 } from './int64.ts'
import * as at from './layout.ts'

/**
 * A view over the bytes of one RecordBatch (magic 2): nothing is copied or decoded.
 * Offsets, ids and timestamps (milliseconds) are numbers, exact within the safe integers.
 */
export class RecordBatch {
  /** The whole batch, header included. */
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get baseOffset(): number {
    return readInt64(this.bytes, at.BASE_OFFSET)
  }

  /** Of the batch as it was written: compaction may have removed the record itself. */
  get lastOffset(): number {
    return readInt64(this.bytes, at.BASE_OFFSET) + this.bytes.readInt32BE(at.LAST_OFFSET_DELTA)
  }

  /** In bytes, header included. */
  get length(): number {
    return this.bytes.length
  }

  get partitionLeaderEpoch(): number {
    return this.bytes.readInt32BE(at.PARTITION_LEADER_EPOCH)
  }

  get magic(): number {
    return this.bytes.readInt8(at.MAGIC)
  }

  /** As stored, unsigned. */
  get crc(): number {
    return this.bytes.readUInt32BE(at.CRC)
  }

  get attributes(): number {
    return this.bytes.readInt16BE(at.ATTRIBUTES)
  }

  /** Throws `ConnectError` BATCH_CORRUPT for a codec id that Kafka does not define. */
  get codec(): Codec {
    const id = this.attributes & at.CODEC_MASK
    const codec = CODEC_NAMES[id]
    if (codec === undefined) throw corrupt(`codec ${id} at offset ${this.baseOffset} is not known`)
    return codec
  }

  get isTransactional(): boolean {
    return (this.attributes & at.TRANSACTIONAL_BIT) !== 0
  }

  /** True for the markers that end transactions: never data. */
  get isControl(): boolean {
    return (this.attributes & at.CONTROL_BIT) !== 0
  }

  /** True when `maxTimestamp`, set by the broker, is the timestamp of every record. */
  get isLogAppendTime(): boolean {
    return (this.attributes & at.LOG_APPEND_TIME_BIT) !== 0
  }

  /** True when baseTimestamp holds the log cleaner's deadline for tombstones. */
  get hasDeleteHorizon(): boolean {
    return (this.attributes & at.DELETE_HORIZON_BIT) !== 0
  }

  get lastOffsetDelta(): number {
    return this.bytes.readInt32BE(at.LAST_OFFSET_DELTA)
  }

  get baseTimestamp(): number {
    return readInt64(this.bytes, at.BASE_TIMESTAMP)
  }

  get maxTimestamp(): number {
    return readInt64(this.bytes, at.MAX_TIMESTAMP)
  }

  /** Of the first record as far as the header says: where the log cleaner's deadline is in its place, that of the latest. -1 = none. */
  get firstTimestamp(): number {
    return Math.min(this.baseTimestamp, this.maxTimestamp)
  }

  /** -1 = neither idempotent nor transactional. */
  get producerId(): number {
    return readInt64(this.bytes, at.PRODUCER_ID)
  }

  get producerEpoch(): number {
    return this.bytes.readInt16BE(at.PRODUCER_EPOCH)
  }

  get baseSequence(): number {
    return this.bytes.readInt32BE(at.BASE_SEQUENCE)
  }

  /** Records that are still there. */
  get count(): number {
    return this.bytes.readInt32BE(at.RECORD_COUNT)
  }

  /** The records as stored: compressed as one block when `codec` is not 'none'. */
  get recordsBytes(): Buffer {
    return this.bytes.subarray(at.RECORDS)
  }

  /** False when compaction has removed records: a broker refuses to append such a batch. */
  get isDense(): boolean {
    return this.count === this.lastOffsetDelta + 1
  }

  /** Reads every byte: about 0.12 ms per MB. */
  hasValidCrc(): boolean {
    return crc32c(this.bytes.subarray(at.ATTRIBUTES)) === this.crc
  }
}
