import type { Bridge, KafkaCluster } from '../kafka-tool/index.ts'
import { eventually } from './eventually.ts'

export type Clusters = Readonly<Record<string, KafkaCluster>>

/** Lines of a file with these clusters by their aliases and these flows, `A->B`; heartbeats between all, everything often, one replica. */
export function topologyOf(clusters: Clusters, flows: readonly string[]): Readonly<Record<string, string>> {
  const aliases = Object.keys(clusters)
  return {
    clusters: aliases.join(', '),
    ...Object.fromEntries(aliases.map(alias => [`${alias}.bootstrap.servers`, clusters[alias]!.bootstrapServers])),
    ...Object.fromEntries(aliases.map(alias => [`${alias}.offset.flush.interval.ms`, '200'])),
    'A->B.enabled': 'false',
    ...Object.fromEntries(flows.map(flow => [`${flow}.enabled`, 'true'])),
    'refresh.topics.interval.seconds': '1',
    'emit.heartbeats.enabled': 'true',
    'emit.heartbeats.interval.seconds': '1',
    'heartbeats.topic.replication.factor': '1',
    'checkpoints.topic.replication.factor': '1',
  }
}

/** `<name> 0` and so on, dealt out to partitions. */
export async function write(
  bridge: Bridge,
  cluster: KafkaCluster,
  topic: string,
  options: WriteOptions,
): Promise<readonly string[]> {
  const { name, count = 100, partitions = 2 } = options
  const values = Array.from({ length: count }, (_, i) => `${name} ${i}`)
  await bridge.produce(
    cluster,
    topic,
    values.map((value, i) => ({ value, partition: i % partitions })),
  )
  return values
}

interface WriteOptions {
  readonly name: string
  /** 100 by default. */
  readonly count?: number
  /** 2 by default. */
  readonly partitions?: number
}

/** All topics but those that the mirror keeps for itself. Sorted. */
export async function topicsOf(bridge: Bridge, cluster: KafkaCluster): Promise<readonly string[]> {
  return (await bridge.listTopics(cluster)).filter(topic => !topic.endsWith('.internal'))
}

/** Every value of a topic, sorted. */
export async function valuesOf(bridge: Bridge, cluster: KafkaCluster, topic: string): Promise<readonly string[]> {
  return (await bridge.dump(cluster, topic)).map(({ value }) => `${value}`).sort()
}

/**
 * Resolves when each flow has looked for topics once more from now on: it has copied one that did not exist before.
 * @param flows source, target and the name that the topic has there
 */
export async function awaitRefresh(bridge: Bridge, topic: string, flows: readonly Refresh[]): Promise<void> {
  for (const source of new Set(flows.map(([from]) => from))) {
    await bridge.createTopic(source, topic)
    await bridge.produce(source, topic, [{ value: 'look' }])
  }
  for (const [, target, copy] of flows) {
    await eventually(
      `the topic ${copy}`,
      () => bridge.listTopics(target),
      topics => topics.includes(copy),
    )
    await bridge.awaitRecords(target, copy, 1)
  }
}

type Refresh = readonly [source: KafkaCluster, target: KafkaCluster, copy: string]

/** What a consumer of all topics that match has read once it has read so many, sorted: `topic value`. */
export async function readAll(bridge: Bridge, cluster: KafkaCluster, pattern: string, count: number): Promise<readonly string[]> {
  const consumer = bridge.consume(cluster, { group: `readers of ${pattern}`, pattern })
  await consumer.awaitRecords(count)
  await consumer.stop()
  return consumer.records.map(({ topic, value }) => `${topic} ${value}`).sort()
}
