import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { readRange } from './read-range.ts'
import type { SharedPartition } from './start-plan.ts'
import { above, type OffsetRange, sizeOf, targetGaps } from './target-gaps.ts'

/** Beyond it a gap is not looked into: a mirror that crashes repeats what it copies in about a second. */
const MOST_RECORDS = 200_000

/**
 * Where a mirror crashed and copied its last records again, the first copies lie in a gap of the map, and the same records follow it.
 * Finds these gaps by reading them: they came from home like what follows.
 * @param cluster where the copies are
 */
export async function findRepeats(
  cluster: Cluster,
  partitions: readonly SharedPartition[],
  signal: AbortSignal,
): Promise<SharedPartition[]> {
  const found: SharedPartition[] = []
  for (const shared of partitions) {
    const { home, away } = shared
    const gaps = home.map === null ? [] : above(targetGaps(home.map), Math.max(away.stored + 1, away.logStart))
    const repeats: OffsetRange[] = []
    for (const gap of gaps) if (await isRepeated(cluster, shared, gap, signal)) repeats.push(gap)
    found.push({ ...shared, repeats })
  }
  return found
}

async function isRepeated(
  cluster: Cluster,
  { topic, partition, away }: SharedPartition,
  gap: OffsetRange,
  signal: AbortSignal,
): Promise<boolean> {
  const size = sizeOf([gap])
  const to = gap.to + size
  if (size > MOST_RECORDS || to > away.logEnd) return false
  const records = await readRange(cluster, { topic, partition, from: gap.from, to }, signal)
  for (let offset = gap.from; offset < gap.to; offset++) {
    const first = records.get(offset)
    if (first === undefined || first !== records.get(offset + size)) return false
  }
  return true
}
