import { canJoin, joinBatches } from '../record-batch/index.ts'
import type { PendingPart } from './lane.ts'

/** Each batch costs the target about 85 µs whatever its size; above this size joining saves less than the copying costs. */
const JOIN_BELOW_BYTES = 32 * 1024
/** Well below the default `max.message.bytes` of a topic. */
const JOINED_BYTES = 256 * 1024

export interface Joined {
  readonly bytes: Buffer
  /** How many of the queue's parts it holds. */
  readonly parts: number
}

/**
 * One batch made of the neighbours that wait at the head of a lane, or null where there is one only or joining does not pay.
 * Nothing waits to be joined: only what has queued up already is.
 */
export const joinNeighbours = (queue: readonly PendingPart[], head: number): Joined | null => {
  const batches: Buffer[] = []
  let total = 0
  for (let i = head; i < queue.length; i++) {
    const bytes = (queue[i] as PendingPart).bytes
    if (bytes.length >= JOIN_BELOW_BYTES || total + bytes.length > JOINED_BYTES || !canJoin(bytes)) break
    batches.push(bytes)
    total += bytes.length
  }
  if (batches.length < 2) return null
  const joined = joinBatches(batches, JOINED_BYTES)
  return joined === null ? null : { bytes: joined.bytes, parts: joined.batches }
}
