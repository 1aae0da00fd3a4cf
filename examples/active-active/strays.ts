import type { Bridge, KafkaCluster } from '../../test/kafka-tool/index.ts'

type Counts = Readonly<Record<string, number>>

/** How many records a topic has. */
export async function recordsOf(bridge: Bridge, cluster: KafkaCluster, topic: string): Promise<number> {
  const offsets = await bridge.offsets(cluster, topic)
  return offsets.reduce((sum, { earliest, latest }) => sum + latest - earliest, 0)
}

/**
 * What should not be on a cluster: copies of copies, and topics with more or fewer records than were written.
 * @param topics all of the cluster
 */
export function findStrays(topics: readonly string[], aliases: readonly string[], found: Counts, expected: Counts): string[] {
  const isCopy = (topic: string): boolean => aliases.some(alias => topic.startsWith(`${alias}.`))
  const twice = topics.filter(topic => isCopy(topic) && isCopy(topic.slice(topic.indexOf('.') + 1)))
  const wrong = Object.entries(expected).filter(([topic, count]) => found[topic] !== count)
  return [
    ...twice.map(topic => `${topic} is a copy of a copy`),
    ...wrong.map(([topic, count]) => `${topic} has ${found[topic] ?? 0} records, ${count} were written`),
  ]
}
