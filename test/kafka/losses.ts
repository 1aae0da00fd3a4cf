import type { SourcePartition } from '../../framework/api/index.ts'
import type { PartitionEntry, WorkerStatus } from '../../framework/runtime/index.ts'
import type { OutgoingRecord } from '../kafka-tool/index.ts'
import type { EventLogger } from './event-logger.ts'

/** Records `from` to `from + count - 1` of each partition, told apart by their values. */
export function numbered(partitions: number, count: number, from = 0, text = 'record'): OutgoingRecord[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: partitions }, (_, partition) => ({ partition, value: `${text} ${partition} ${from + i}` })),
  ).flat()
}

export const partitionsOf = (status: WorkerStatus): readonly PartitionEntry[] =>
  status.connectors.flatMap(({ tasks }) => tasks.flatMap(({ partitions }) => partitions))

export const entryOf = (entries: readonly PartitionEntry[], topic: string, number: number): PartitionEntry | undefined =>
  entries.find(({ partition }) => partition.topic === topic && partition.partition === number)

/** Records counted as lost; -1 for a partition that is not copied. */
export const gapOf = (entries: readonly PartitionEntry[], topic: string, number: number): number =>
  entryOf(entries, topic, number)?.gapRecords ?? -1

interface LossFields {
  readonly code: string
  readonly partition: SourcePartition
}

/** What was logged at ERROR about losses, by partition; not that a partition failed of it. */
export function lossLines(log: EventLogger): Readonly<Record<string, unknown>>[] {
  return log.lines
    .filter(({ level, fields }) => level === 'error' && !('error' in fields) && /^SOURCE_/.test((fields as LossFields).code))
    .map(({ fields }) => ({ ...fields, partition: (fields as LossFields).partition.partition }) as Record<string, unknown>)
    .sort((a, b) => (a.partition as number) - (b.partition as number))
}
