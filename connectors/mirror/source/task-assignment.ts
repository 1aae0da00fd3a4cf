import { parseTopicPartition } from './source-position.ts'

/** Topics of a cluster with their partition counts. */
export type PartitionCounts = ReadonlyMap<string, number>

/**
 * Every partition of the topics as `topic-partition`: those already known keep their places, so that new ones change no more tasks than they must.
 */
export const orderPartitions = (known: readonly string[], topics: PartitionCounts): readonly string[] => {
  const kept = known.filter(text => {
    const { topic, partition } = parseTopicPartition(text)
    return partition < (topics.get(topic) ?? 0)
  })
  const before = new Set(kept)
  const added: string[] = []
  for (const [topic, count] of [...topics].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (let partition = 0; partition < count; partition++) {
      const text = `${topic}-${partition}`
      if (!before.has(text)) added.push(text)
    }
  }
  return [...kept, ...added]
}

/** The i-th partition goes to task i modulo their number, which is at most `maxTasks`. */
export const assignPartitions = (partitions: readonly string[], maxTasks: number): readonly (readonly string[])[] => {
  const tasks: string[][] = Array.from({ length: Math.min(maxTasks, partitions.length) }, () => [])
  for (const [i, partition] of partitions.entries()) tasks[i % tasks.length]?.push(partition)
  return tasks
}
