import type { PartitionState } from '../api/index.ts'
import type { PartitionEntry } from './partition-entry.ts'

/** How many partitions are in a state, and why the first of them is; undefined = none is. */
export function partitionsInState(
  entries: Iterable<PartitionEntry>,
  state: PartitionState,
): { readonly count: number; readonly cause: string } | undefined {
  let count = 0
  let cause: string | undefined
  for (const { status } of entries) {
    if (status.state !== state) continue
    count++
    cause ??= status.cause ?? 'without a reason'
  }
  return cause === undefined ? undefined : { count, cause }
}
