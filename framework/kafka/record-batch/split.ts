import { RecordBatch } from './batch.ts'
import { corrupt } from './corrupt.ts'
import { readInt64 } from './int64.ts'
import * as at from './layout.ts'
import { convertMessages, LEGACY_OVERHEAD } from './legacy.ts'

/**
 * The batches of a fetch response's record set, as views over it, in order.
 * A torn last batch (longer than what is left) is ignored: it comes whole with the next fetch.
 * Message sets of brokers before 0.11 (magic 0 and 1) are converted to batches.
 * Throws `ConnectError` BATCH_CORRUPT for a header that cannot be true.
 */
export function splitBatches(buffer: Buffer, start = 0, end = buffer.length): RecordBatch[] {
  const batches: RecordBatch[] = []
  let from = start
  while (from + at.MAGIC < end) {
    const length = buffer.readInt32BE(from + at.BATCH_LENGTH) + at.LENGTH_OVERHEAD
    if (length < LEGACY_OVERHEAD) throw corrupt(`a batch of ${length} bytes at offset ${readInt64(buffer, from)}`)
    if (from + length > end) break
    const magic = buffer[from + at.MAGIC]!
    if (magic === 2) {
      checkHeader(buffer, from, length)
      batches.push(new RecordBatch(buffer.subarray(from, from + length)))
      from += length
    } else if (magic < 2) {
      from = convertMessages(buffer, from, end, batches)
    } else {
      throw corrupt(`magic ${magic} at offset ${readInt64(buffer, from)} is not known`)
    }
  }
  return batches
}

function checkHeader(buffer: Buffer, from: number, length: number): void {
  if (length < at.RECORDS) throw corrupt(`a batch of ${length} bytes at offset ${readInt64(buffer, from)}`)
  const delta = buffer.readInt32BE(from + at.LAST_OFFSET_DELTA)
  const count = buffer.readInt32BE(from + at.RECORD_COUNT)
  if (delta < 0 || count < 0 || count > delta + 1) {
    throw corrupt(`${count} records in ${delta + 1} offsets at offset ${readInt64(buffer, from)}`)
  }
}
