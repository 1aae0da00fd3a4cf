import type { PartitionEntry } from '../partition-entry.ts'
import { severityOfPartition } from '../status-report/severity.ts'

/** `isthmus.metrics.partitions`: which partitions have series of their own; what is counted for all together has them always. */
export type PartitionsShown = 'all' | 'troubled' | 'none'

export interface PartitionChoice {
  readonly shown: PartitionsShown
  /** `isthmus.metrics.partitions.max`: at most so many in one process; the troubled ones first. */
  readonly max: number
}

export const defaultPartitionChoice: PartitionChoice = { shown: 'all', max: 10_000 }

/** The partitions to show, in the order they came in, out of all that are copied. */
export function shownPartitions<T extends { readonly entry: PartitionEntry }>(
  all: readonly T[],
  { shown, max }: PartitionChoice,
): readonly T[] {
  if (shown === 'none') return []
  const isChosen = shown === 'all' && all.length <= max
  if (isChosen) return all
  const troubled = all.filter(({ entry }) => isTroubled(entry))
  if (shown === 'troubled' || troubled.length >= max) return troubled.slice(0, max)
  return [...troubled, ...all.filter(({ entry }) => !isTroubled(entry)).slice(0, max - troubled.length)]
}

export function isTroubled({ state }: PartitionEntry): boolean {
  return severityOfPartition(state) !== 'ok'
}
