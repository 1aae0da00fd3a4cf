import { int32, int64, struct } from '../../../framework/kafka/protocol/codec.ts'
import { RecordFormat, text, versioned } from './record-format.ts'

/** Where a consumer group stands in a source partition, and the offset of the same record on the target. */
export interface Checkpoint {
  readonly group: string
  /** Name on the target. */
  readonly topic: string
  readonly partition: number
  readonly upstreamOffset: number
  readonly downstreamOffset: number
  /** As committed with the offset; '' = none. */
  readonly metadata: string
}

/** Records of `<source alias>.checkpoints.internal`. Source: `Checkpoint.java` of Kafka 4. */
export const checkpointFormat = new RecordFormat(
  'checkpoint',
  struct({ group: text, topic: text, partition: int32 }),
  versioned(struct({ upstreamOffset: int64, downstreamOffset: int64, metadata: text })),
)

/** As Java's CheckpointFormatter prints it. */
export function checkpointText(checkpoint: Checkpoint): string {
  const { group, topic, partition, upstreamOffset, downstreamOffset, metadata } = checkpoint
  const offsets = `upstreamOffset=${upstreamOffset}, downstreamOffset=${downstreamOffset}`
  return `Checkpoint{consumerGroupId=${group}, topicPartition=${topic}-${partition}, ${offsets}, metadata=${metadata}}`
}
