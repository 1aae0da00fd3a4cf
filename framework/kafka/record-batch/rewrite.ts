import { recordEnd } from './decode.ts'
import { sizeOfInt, sizeOfLong, type VarintReader, writeInt, writeLong } from './varint.ts'

/** A record's head can grow by no more than this when its deltas change. */
export const MAX_HEAD_GROWTH = 16

/** Bodies up to this size are copied byte by byte: cheaper than a call. */
const SMALL_BODY = 24

/**
 * Writes a record with new deltas. `reader` stands behind the offset delta of the record that ends at `end`, and is
 * moved there; key, value and headers are copied as one run. Returns the place behind the record written.
 */
export function moveRecord(
  reader: VarintReader,
  end: number,
  to: Buffer,
  at: number,
  timestampDelta: number,
  offsetDelta: number,
): number {
  const from = reader.at
  const body = end - from
  let place = writeInt(to, 1 + sizeOfLong(timestampDelta) + sizeOfInt(offsetDelta) + body, at)
  to[place] = 0
  place = writeLong(to, timestampDelta, place + 1)
  place = writeInt(to, offsetDelta, place)
  const bytes = reader.bytes
  if (body > SMALL_BODY) bytes.copy(to, place, from, end)
  else for (let i = 0; i < body; i++) to[place + i] = bytes[from + i]!
  reader.at = end
  return place + body
}

/**
 * Writes the next `count` records with timestamp deltas moved by `timestampShift` and offset deltas from
 * `firstDelta` on; `baseOffset` names the batch in errors. Returns the place behind them. Throws `ConnectError` BATCH_CORRUPT.
 */
export function moveRecords(
  reader: VarintReader,
  count: number,
  to: Buffer,
  at: number,
  timestampShift: number,
  firstDelta: number,
  baseOffset: number,
): number {
  let place = at
  for (let i = 0; i < count; i++) {
    const end = recordEnd(reader, baseOffset)
    reader.at++
    const timestampDelta = reader.long() + timestampShift
    reader.int()
    place = moveRecord(reader, end, to, place, timestampDelta, firstDelta + i)
  }
  return place
}
