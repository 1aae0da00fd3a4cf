import { RecordBatch } from './batch.ts'
import { corrupt } from './corrupt.ts'
import type { HeaderFields } from './encode.ts'
import { moveRecords } from './rewrite.ts'
import { VarintReader } from './varint.ts'

/** The records of several batches, one behind the other. */
export interface Merged {
  /** Where they end. */
  readonly end: number
  readonly fields: HeaderFields
}

/**
 * Writes the records of neighbouring batches to `to` from `at` on, numbered through. `contentOf` gives a batch's records
 * as one block without compression. Checksums are compared before, as the new one would hide damage.
 * Throws `ConnectError` BATCH_CORRUPT.
 */
export function mergeRecords(
  batches: readonly Buffer[],
  joined: number,
  codec: number,
  contentOf: (batch: RecordBatch) => Buffer,
  to: Buffer,
  at: number,
): Merged {
  const first = new RecordBatch(batches[0]!)
  const baseTimestamp = first.baseTimestamp
  let maxTimestamp = first.maxTimestamp
  let end = at
  let count = 0
  for (let i = 0; i < joined; i++) {
    const batch = new RecordBatch(batches[i]!)
    if (!batch.hasValidCrc()) throw corrupt(`its checksum is wrong at offset ${batch.baseOffset}`)
    const reader = new VarintReader(contentOf(batch))
    end = moveRecords(reader, batch.count, to, end, batch.baseTimestamp - baseTimestamp, count, batch.baseOffset)
    if (reader.at !== reader.bytes.length) throw corrupt(`bytes follow the last record at offset ${batch.baseOffset}`)
    if (batch.maxTimestamp > maxTimestamp) maxTimestamp = batch.maxTimestamp
    count += batch.count
  }
  return { end, fields: { attributes: codec, baseOffset: 0, lastOffsetDelta: count - 1, baseTimestamp, maxTimestamp, count } }
}
