import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { OffsetMapStore } from '../offset-map/offset-map-store.ts'
import { offsetMapTopic } from '../offset-map/offset-map-topic.ts'
import type { PartitionKnowledge } from '../offset-map/offset-translator.ts'
import type { PartitionRuns, Translation } from '../offset-map/partition-runs.ts'

export function isCopy(map: PartitionRuns | null, target: number): boolean {
  for (const s of map?.segments ?? []) {
    for (let i = 0; i < s.count; i++)
      if (s.target(i) >= 0 && target >= s.target(i) && target < s.target(i) + s.length(i)) return true
  }
  return false
}

export function translateBackOffset({ map }: PartitionKnowledge, target: number): Translation | null {
  let best: Translation | null = null
  for (const s of map?.segments ?? []) {
    for (let i = 0; i < s.count; i++) {
      if (s.target(i) < 0 || s.target(i) > target) continue
      const past = target - s.target(i)
      best = { offset: s.start(i) + Math.min(past, s.length(i)), exactness: past <= s.length(i) ? 'exact' : 'low' }
    }
  }
  return best
}

export async function openIfExists(cluster: Cluster, alias: string, signal: AbortSignal): Promise<OffsetMapStore | null> {
  const topic = offsetMapTopic(alias)
  return (await cluster.describeTopics([topic])).has(topic) ? OffsetMapStore.open(cluster, alias, signal) : null
}
