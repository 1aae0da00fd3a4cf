import { ConnectError } from '../../api/index.ts'
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
 * Nothing waits to be joined: only what has queued up already is. A damaged batch is left alone, for the target to refuse by its checksum.
 */
export const joinNeighbours = (queue: readonly PendingPart[], head: number): Joined | null => {
  const batches: Buffer[] = []
  let total = 0
  for (let i = head; i < queue.length; i++) {
    const bytes = (queue[i] as PendingPart).bytes
    total += bytes.length
    if (bytes.length >= JOIN_BELOW_BYTES || total > JOINED_BYTES || !canJoin(bytes)) break
    batches.push(bytes)
  }
  if (batches.length < 2) return null
  try {
    const joined = joinBatches(batches, JOINED_BYTES)
    return joined === null ? null : { bytes: joined.bytes, parts: joined.joined }
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'BATCH_CORRUPT') return null
    throw error
  }
}
