import { setTimeout as sleep } from 'node:timers/promises'
import { commitGroupOffsets } from '../../framework/kafka/admin/group-offsets.ts'
import { logOffsets } from '../../framework/kafka/admin/log-offsets.ts'
import type { Cluster } from '../../framework/kafka/cluster.ts'
import { retrying } from '../../framework/kafka/retry.ts'

/** Consumer groups that commit in every partition of a topic, as consumers would. */
export interface GroupLoadOptions {
  readonly cluster: Cluster
  readonly topic: string
  readonly groups: number
  readonly partitions: number
}

/** Commits under way at once. */
const PARALLEL = 50

export const groupName = (index: number): string => `checkpointed-${String(index).padStart(5, '0')}`

/** Commits this offset in every partition for groups `from` to `to`. */
export const commitFor = async (options: GroupLoadOptions, from: number, to: number, offset: number): Promise<void> => {
  const { cluster, topic, partitions } = options
  const offsets = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset, metadata: '' }))
  let next = from
  const worker = async (): Promise<void> => {
    for (let group = next++; group < to; group = next++) {
      const name = groupName(group)
      await retrying(cluster, `committing for ${name}`, () => commitGroupOffsets(cluster, name, offsets), { timeoutMs: 60_000 })
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
}

/** Until the time is over, `perSecond` groups in turn commit one offset further each second. Resolves with the number of offsets committed. */
export const commitSteadily = async (
  options: GroupLoadOptions,
  perSecond: number,
  seconds: number,
  first: number,
): Promise<number> => {
  const started = performance.now()
  let committed = 0
  for (let second = 0; second < seconds; second++) {
    const from = (second * perSecond) % options.groups
    if (perSecond > 0) {
      const turn = Math.floor((second * perSecond) / options.groups)
      await commitFor(options, from, from + perSecond, first + turn)
      committed += perSecond * options.partitions
    }
    await sleep(Math.max(0, started + (second + 1) * 1_000 - performance.now()))
  }
  return committed
}

/** Records a topic of one partition has had so far. */
export const recordsIn = async (cluster: Cluster, topic: string): Promise<number> =>
  (await logOffsets(cluster, [topic], 'end')).get(topic)?.get(0) ?? 0
