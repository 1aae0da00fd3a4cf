import type { Cluster } from '../../framework/kafka/cluster.ts'
import { type Bridge, type KafkaCluster, startBridge, startCluster } from '../kafka-tool/index.ts'
import { openCluster } from './target-watch.ts'

/** The two clusters everybody copies between. */
export interface Arena {
  readonly source: KafkaCluster
  readonly target: KafkaCluster
  /** For administration only. */
  readonly bridge: Bridge
  /** Our own connection to the target. */
  readonly watch: Cluster
  /** A name that no job has had. */
  newAlias(): string
  close(): Promise<void>
}

export const BROKER_SETTINGS = 'one broker per cluster, -Xmx768m and the JVM defaults otherwise, replication factor 1, loopback'
export const BROKER = { jvm: [], heapMb: 768 }

export const openArena = async (): Promise<Arena> => {
  const clusters: KafkaCluster[] = []
  const started = await Promise.allSettled(['source', 'target'].map(name => startCluster({ name, ...BROKER })))
  for (const result of started) if (result.status === 'fulfilled') clusters.push(result.value)
  const failure = started.find(result => result.status === 'rejected')
  if (failure !== undefined) {
    await Promise.all(clusters.map(cluster => cluster.stop()))
    throw failure.reason
  }
  const [source, target] = clusters as [KafkaCluster, KafkaCluster]
  const bridge = await startBridge()
  const watch = await openCluster(target.bootstrapServers)
  let jobs = 0
  return {
    source,
    target,
    bridge,
    watch,
    newAlias: () => `source${++jobs}`,
    async close() {
      await watch.close()
      await bridge.close()
      await Promise.all(clusters.map(cluster => cluster.stop()))
    },
  }
}

/** Deletes what a job has left on the target: its copy and its internal topics. */
export const clearTarget = async ({ target, bridge }: Arena, alias: string): Promise<void> => {
  const topics = await bridge.listTopics(target)
  const ofJob = topics.filter(topic => topic.split('.').includes(alias))
  for (const topic of ofJob) await bridge.deleteTopic(target, topic)
}
