import assert from 'node:assert/strict'
import { KEPT } from './exactness-groups.ts'
import type { Clusters, Scenario } from './exactness-scenario.ts'

/** Of a group that has moved, numbers of records. */
export interface Consumed {
  readonly atSource: number
  readonly once: number
  /** The copy holds them more than once behind the group's position, as a mirror was killed there. */
  readonly moreOften: number
}

/**
 * The group goes on at the target where it was set to, and reads to the end: every record that it has not read at the source, as often as
 * the copy holds it from there on, and no other.
 * @param positions its committed source offsets by partition, `orders-0`; where there is none it has read nothing
 */
export async function assertReadsOn(
  { bridge, target }: Clusters,
  { groups, partitions }: Scenario,
  group: string,
  positions: ReadonlyMap<string, number>,
): Promise<Consumed> {
  const kept = partitions.filter(({ topic }) => KEPT.some(name => name === topic))
  const rest = kept.flatMap(partition => partition.readFrom(partition.exact(positions.get(partition.name) ?? 0)))
  const consumer = bridge.consume(target, { group, topics: KEPT.map(topic => `A.${topic}`), count: rest.length })
  await consumer.done
  const here = counted(consumer.records.map(({ value }) => `${value}`))
  const inRest = counted(rest)
  const there = new Set((groups.read.get(group) ?? []).map(({ value }) => `${value}`))
  let [once, moreOften] = [0, 0]
  for (const id of kept.flatMap(partition => partition.committedIds)) {
    const what = `${group}: ${id.trim().slice(0, 60)}`
    const [times, copies] = [here.get(id) ?? 0, inRest.get(id) ?? 0]
    if (there.has(id)) assert.equal(times, 0, `read at source and target: ${what}`)
    else assert.ok(times >= 1, `never read: ${what}`)
    assert.equal(times, copies, `read ${times} times, the copy holds it ${copies} times: ${what}`)
    if (id.startsWith('calm')) assert.ok(times <= 1, `read twice: ${what}`)
    if (times === 1) once++
    if (times > 1) moreOften++
  }
  return { atSource: there.size, once, moreOften }
}

function counted(ids: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
