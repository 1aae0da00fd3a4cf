import type { SourcePartition } from '../api/index.ts'
import { partitionKey } from '../storage/partition-key.ts'

/** `orders-3` of a topic's, else as its offsets are stored. */
export function partitionName(partition: SourcePartition): string {
  const { topic, partition: number } = partition
  return typeof topic === 'string' && typeof number === 'number' ? `${topic}-${number}` : partitionKey(partition)
}
