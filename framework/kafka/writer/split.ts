import { halve } from '../record-batch/index.ts'
import type { SendBatch, Slice } from './lane.ts'

/**
 * The same records as smaller batches, for a target that found this one too large: a joined batch becomes its parts again, any other is
 * halved. Null = a single record, which cannot be made smaller.
 */
export const splitSendBatch = (batch: SendBatch): SendBatch[] | null => {
  const pieces = batch.slices.length > 1 ? batch.slices.map(slice => ({ bytes: slice.part.bytes, slice })) : halves(batch)
  if (pieces === null) return null
  let sequence = batch.baseSequence
  return pieces.map(({ bytes, slice }) => {
    const piece = { lane: batch.lane, bytes, count: slice.count, slices: [slice], baseSequence: sequence }
    sequence = (sequence + slice.count) % 2 ** 31
    return piece
  })
}

const halves = (batch: SendBatch): { bytes: Buffer; slice: Slice }[] | null => {
  const two = halve(batch.bytes)
  const slice = batch.slices[0]
  if (two === null || slice === undefined) return null
  const [first, second] = two
  const firstCount = recordCount(first)
  return [
    { bytes: first, slice: { part: slice.part, from: slice.from, count: firstCount } },
    { bytes: second, slice: { part: slice.part, from: slice.from + firstCount, count: slice.count - firstCount } },
  ]
}

const RECORD_COUNT_AT = 57
const recordCount = (bytes: Buffer): number => bytes.readInt32BE(RECORD_COUNT_AT)
