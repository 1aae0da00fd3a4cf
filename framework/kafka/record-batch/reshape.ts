import { RecordBatch } from './batch.ts'
import { compress } from './codecs/index.ts'
import { corrupt } from './corrupt.ts'
import { rawRecords, recordEnd } from './decode.ts'
import { finishBatch, withHeaderSpace } from './encode.ts'
import * as at from './layout.ts'
import { MAX_HEAD_GROWTH, moveRecord } from './rewrite.ts'
import { VarintReader } from './varint.ts'

/** Records in a form a broker accepts from a producer, once stamped. */
export interface CopyableBatch {
  readonly bytes: Buffer
  readonly count: number
  /** The source offset of each record; null = base offset + 0, 1, 2… */
  readonly sourceOffsets: readonly number[] | null
}

/**
 * What can be appended elsewhere: the batch's own bytes if it is dense and its records carry their timestamps, which
 * is nearly always. Holes left by compaction are closed, and records of a LogAppendTime batch get that time as their
 * own: the batch is then written anew with the same codec. Null = it holds no data. Throws `ConnectError` BATCH_CORRUPT.
 */
export function makeCopyable(batch: RecordBatch): CopyableBatch | null {
  const { count } = batch
  if (count === 0 || batch.isControl) return null
  if (batch.isDense && !batch.isLogAppendTime) return { bytes: batch.bytes, count, sourceOffsets: null }
  const { bytes, offsets } = take(batch, checkedReader(batch), count, 'copy')
  return { bytes, count, sourceOffsets: batch.isDense ? null : offsets }
}

/**
 * The records from `offset` on, with their offsets, in a batch of the same attributes and codec. Returns `batch` itself
 * if nothing has to go, null if nothing is left. Throws `ConnectError` BATCH_CORRUPT.
 */
export function dropBelow(batch: RecordBatch, offset: number): RecordBatch | null {
  if (batch.baseOffset >= offset) return batch
  if (batch.lastOffset < offset || batch.count === 0) return null
  const reader = checkedReader(batch)
  for (let left = batch.count; left > 0; left--) {
    const from = reader.at
    const end = recordEnd(reader, batch.baseOffset)
    reader.at++
    reader.long()
    if (batch.baseOffset + reader.int() >= offset) {
      reader.at = from
      return new RecordBatch(take(batch, reader, left, 'remainder').bytes)
    }
    reader.at = end
  }
  return null
}

/**
 * Splits a batch that was made to be appended (dense, CreateTime) into two of about the same size, to be stamped again.
 * Null for a single record. Throws `ConnectError` BATCH_CORRUPT.
 */
export function halve(bytes: Buffer): [Buffer, Buffer] | null {
  const batch = new RecordBatch(bytes)
  const { count } = batch
  if (count < 2) return null
  const reader = checkedReader(batch)
  let first = 0
  while (first < count - 1 && (first === 0 || reader.at < reader.bytes.length / 2)) {
    reader.at = recordEnd(reader, batch.baseOffset)
    first++
  }
  reader.at = 0
  return [take(batch, reader, first, 'copy').bytes, take(batch, reader, count - first, 'copy').bytes]
}

/** Records are written anew under a new checksum: the old one is the last chance to find damage. */
function checkedReader(batch: RecordBatch): VarintReader {
  if (!batch.hasValidCrc()) throw corrupt(`its checksum is wrong at offset ${batch.baseOffset}`)
  return new VarintReader(rawRecords(batch))
}

/**
 * The next `count` records as a batch of their own, with the source's codec. A `copy` numbers them 0, 1, 2… and gives
 * them their timestamps; a `remainder` keeps offsets, timestamp type and producer.
 */
function take(
  batch: RecordBatch,
  reader: VarintReader,
  count: number,
  form: 'copy' | 'remainder',
): { bytes: Buffer; offsets: number[] } {
  const { baseOffset, codec, isLogAppendTime } = batch
  const copy = form === 'copy'
  const appendTime = copy && isLogAppendTime
  const offsets: number[] = []
  const to = Buffer.allocUnsafe(at.RECORDS + reader.bytes.length - reader.at + count * MAX_HEAD_GROWTH)
  let place = at.RECORDS
  let maxDelta = Number.NEGATIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const end = recordEnd(reader, baseOffset)
    reader.at++
    const timestampDelta = reader.long()
    const offset = baseOffset + reader.int()
    if (i > 0 && offset <= offsets[i - 1]!) throw corrupt(`offset ${offset} follows offset ${offsets[i - 1]}`)
    offsets.push(offset)
    if (timestampDelta > maxDelta) maxDelta = timestampDelta
    place = moveRecord(reader, end, to, place, appendTime ? 0 : timestampDelta, copy ? i : offset - offsets[0]!)
  }
  const records = to.subarray(0, place)
  const bytes = codec === 'none' ? records : withHeaderSpace(compress(codec, records.subarray(at.RECORDS)))
  finishBatch(bytes, {
    attributes: copy ? batch.attributes & at.CODEC_MASK : batch.attributes,
    baseOffset: copy ? 0 : offsets[0]!,
    lastOffsetDelta: copy ? count - 1 : batch.lastOffset - offsets[0]!,
    baseTimestamp: appendTime ? batch.maxTimestamp : batch.baseTimestamp,
    maxTimestamp: isLogAppendTime ? batch.maxTimestamp : batch.baseTimestamp + maxDelta,
    count,
    ...(copy ? {} : { source: batch.bytes }),
  })
  return { bytes, offsets }
}
