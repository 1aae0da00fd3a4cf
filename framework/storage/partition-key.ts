import type { SourcePartition } from '../api/index.ts'

/** The same text for equal source partitions, whatever the order of their fields. */
export function partitionKey(partition: SourcePartition): string {
  const names = Object.keys(partition).sort()
  return JSON.stringify(names.map(name => [name, partition[name]]))
}
