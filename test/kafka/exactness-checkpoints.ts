import assert from 'node:assert/strict'
import { type Checkpoint, checkpointFormat } from '../../connectors/mirror/index.ts'
import type { CopiedPartition } from './exactness-history.ts'
import type { Clusters, Scenario } from './exactness-scenario.ts'

const CHECKPOINTS = 'A.checkpoints.internal'

/** What one group committed in one partition of the source, and where it should go on. */
export interface Standing {
  readonly group: string
  readonly partition: CopiedPartition
  readonly committed: number
}

/** Of all groups, where what they committed still exists. */
export async function standings({ bridge, source }: Clusters, { groups, partitions }: Scenario): Promise<readonly Standing[]> {
  const found = [...groups.setNames, ...groups.readNames].map(async group => {
    const offsets = await bridge.groupOffsets(source, group)
    return offsets.map(({ topic, partition, offset }) => {
      const copied = partitions.find(one => one.topic === topic && one.partition === partition)!
      return { group, partition: copied, committed: offset }
    })
  })
  return (await Promise.all(found)).flat().filter(({ partition, committed }) => committed >= partition.earliest)
}

/** Every checkpoint record there has been, in order. */
export async function checkpointHistory({ bridge, target }: Clusters): Promise<readonly Checkpoint[]> {
  const records = await bridge.dump(target, CHECKPOINTS)
  return records.flatMap(record => checkpointFormat.decode(CHECKPOINTS, record) ?? [])
}

export const lastOf = (history: readonly Checkpoint[]): ReadonlyMap<string, Checkpoint> =>
  new Map(history.map(checkpoint => [`${checkpoint.group} in ${checkpoint.topic}-${checkpoint.partition}`, checkpoint]))

export const keyOf = ({ group, partition }: Standing): string => `${group} in A.${partition.name}`

/** Those that are not, or not yet, where they should be at the target. */
export function notAt(wanted: readonly Standing[], offsets: ReadonlyMap<string, number>): readonly string[] {
  return wanted.flatMap(standing => {
    const { partition, committed } = standing
    const [exact, found] = [partition.exact(committed), offsets.get(keyOf(standing)) ?? -1]
    const isRight = found <= partition.targetEnd && partition.resume(found) === exact
    return found >= 0 && isRight ? [] : [`${keyOf(standing)}: ${committed} became ${found}, exact is ${exact}`]
  })
}

/**
 * Of all checkpoints ever written none was high, and none went back on the target without its group going back at the source.
 * What was exact when it was written is not high now: records copied again have their last copies further on.
 */
export function assertNeverHighNorBack(history: readonly Checkpoint[], partitions: readonly CopiedPartition[]): void {
  const byName = new Map(partitions.map(partition => [`A.${partition.name}`, partition]))
  const last = new Map<string, Checkpoint>()
  for (const checkpoint of history) {
    const { group, topic, partition, upstreamOffset, downstreamOffset } = checkpoint
    const name = `${topic}-${partition}`
    const copied = byName.get(name)
    assert.ok(copied !== undefined, `a checkpoint of ${name}`)
    const what = `${group} in ${name}: ${upstreamOffset} became ${downstreamOffset}`
    assert.ok(downstreamOffset <= copied.targetEnd, `past the end, ${copied.targetEnd}: ${what}`)
    const highest = copied.exact(Math.max(upstreamOffset, copied.earliest))
    assert.ok(copied.resume(downstreamOffset) <= highest, `high, at most ${highest}: ${what}`)
    const before = last.get(`${group} ${name}`)
    const isBack = before !== undefined && upstreamOffset >= before.upstreamOffset && downstreamOffset < before.downstreamOffset
    assert.ok(!isBack, `went back from ${before?.downstreamOffset} at ${before?.upstreamOffset}: ${what}`)
    last.set(`${group} ${name}`, checkpoint)
  }
}
