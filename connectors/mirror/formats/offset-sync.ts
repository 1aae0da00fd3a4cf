import { int32, int64, struct } from '../../../framework/kafka/protocol/codec.ts'
import { RecordFormat, text } from './record-format.ts'

/** Says that two offsets stand for the same record, of a source partition and of its copy. */
export interface OffsetSync {
  /** Name on the source. */
  readonly topic: string
  readonly partition: number
  readonly upstreamOffset: number
  readonly downstreamOffset: number
}

/** Records of `mm2-offset-syncs.<alias>.internal`. Source: `OffsetSync.java` of Kafka 4. */
export const offsetSyncFormat = new RecordFormat(
  'offset sync',
  struct({ topic: text, partition: int32 }),
  struct({ upstreamOffset: int64, downstreamOffset: int64 }),
)

/** As Java's OffsetSyncFormatter prints it. */
export function offsetSyncText({ topic, partition, upstreamOffset, downstreamOffset }: OffsetSync): string {
  return `OffsetSync{topicPartition=${topic}-${partition}, upstreamOffset=${upstreamOffset}, downstreamOffset=${downstreamOffset}}`
}
