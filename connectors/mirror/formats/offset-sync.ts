import { int32, int64, struct, type Type } from '../../../framework/kafka/protocol/codec.ts'
import { RecordFormat, text } from './record-format.ts'

/** Says that two offsets stand for the same record, of a source partition and of its copy. */
export interface OffsetSync {
  /** Name on the source. */
  readonly topic: string
  readonly partition: number
  readonly upstreamOffset: number
  readonly downstreamOffset: number
  /**
   * The same number in pairs between which one mirror has copied on without beginning anew; absent = not known, as of MirrorMaker 2.
   */
  readonly session?: number
}

const offsets = struct({ upstreamOffset: int64, downstreamOffset: int64 })

/** Java passes over what lies behind the two offsets. */
const value: Type<Pick<OffsetSync, 'upstreamOffset' | 'downstreamOffset' | 'session'>> = {
  write: (w, sync) => {
    offsets.write(w, sync)
    if (sync.session !== undefined) int64.write(w, sync.session)
  },
  read: r => {
    const pair = offsets.read(r)
    return r.buffer.length - r.at < 8 ? pair : { ...pair, session: int64.read(r) }
  },
}

/** Records of `mm2-offset-syncs.<alias>.internal`. Source: `OffsetSync.java` of Kafka 4. Behind what that has: INT64 session. */
export const offsetSyncFormat = new RecordFormat('offset sync', struct({ topic: text, partition: int32 }), value)

/** As Java's OffsetSyncFormatter prints it. */
export function offsetSyncText({ topic, partition, upstreamOffset, downstreamOffset }: OffsetSync): string {
  return `OffsetSync{topicPartition=${topic}-${partition}, upstreamOffset=${upstreamOffset}, downstreamOffset=${downstreamOffset}}`
}
