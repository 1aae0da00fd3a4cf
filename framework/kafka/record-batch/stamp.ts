import { crc32cPatch } from './crc32c.ts'
import { writeInt64 } from './int64.ts'
import * as at from './layout.ts'

/** Who produces a batch. `producerId` -1 (with epoch and sequence -1) = a plain producer. */
export interface ProducerStamp {
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
}

/** Not idempotent. */
export const PLAIN_PRODUCER: ProducerStamp = { producerId: -1, producerEpoch: -1, baseSequence: -1 }

const CHANGED = at.RECORD_COUNT - at.ATTRIBUTES
const before = Buffer.alloc(CHANGED)

/**
 * Makes a batch read from one log ready to be appended to another, in place: base offset 0, no leader epoch,
 * neither transactional nor with a delete horizon, produced by `stamp`'s producer.
 * The records are not touched, and their checksum is carried over rather than computed again, so a damage
 * done on the way is still found by the target broker.
 */
export function stampBatch(bytes: Buffer, stamp: ProducerStamp): void {
  bytes.copy(before, 0, at.ATTRIBUTES, at.RECORD_COUNT)
  bytes.writeInt32BE(0, at.BASE_OFFSET)
  bytes.writeInt32BE(0, at.BASE_OFFSET + 4)
  bytes.writeInt32BE(-1, at.PARTITION_LEADER_EPOCH)
  bytes.writeInt16BE(bytes.readInt16BE(at.ATTRIBUTES) & ~(at.TRANSACTIONAL_BIT | at.DELETE_HORIZON_BIT), at.ATTRIBUTES)
  writeInt64(bytes, stamp.producerId, at.PRODUCER_ID)
  bytes.writeInt16BE(stamp.producerEpoch, at.PRODUCER_EPOCH)
  bytes.writeInt32BE(stamp.baseSequence, at.BASE_SEQUENCE)
  const crc = bytes.readUInt32BE(at.CRC)
  bytes.writeUInt32BE(crc32cPatch(crc, before, 0, bytes, at.ATTRIBUTES, CHANGED, bytes.length - at.RECORD_COUNT), at.CRC)
}
