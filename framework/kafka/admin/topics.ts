import { type Cluster, check } from '../cluster.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { createPartitions, createTopics } from '../protocol/topics.ts'
import { inChunks } from './chunks.ts'
import type { AdminResult } from './configs.ts'

export interface NewTopic {
  readonly name: string
  readonly partitions: number
  /** -1 = the broker's default. */
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/** Creates the topics, each on its own: one refusal does not stop the others. */
export const createNewTopics = async (cluster: Cluster, topics: readonly NewTopic[]): Promise<readonly AdminResult[]> => {
  const results: AdminResult[] = []
  for (const chunk of inChunks(topics)) {
    const connection = await cluster.controllerConnection()
    const response = await connection.send(createTopics, {
      topics: chunk.map(({ name, partitions, replicationFactor, configs }) => ({
        name,
        numPartitions: partitions,
        replicationFactor,
        assignments: [],
        configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
      })),
      timeoutMs: cluster.settings.requestTimeoutMs,
      validateOnly: false,
    })
    results.push(...response.topics)
  }
  return results
}

/** Grows topics to these partition counts. */
export const growTopics = async (cluster: Cluster, counts: ReadonlyMap<string, number>): Promise<readonly AdminResult[]> => {
  const results: AdminResult[] = []
  for (const chunk of inChunks([...counts])) {
    const connection = await cluster.controllerConnection()
    const response = await connection.send(createPartitions, {
      topics: chunk.map(([name, count]) => ({ name, count, assignments: null })),
      timeoutMs: cluster.settings.requestTimeoutMs,
      validateOnly: false,
    })
    results.push(...response.results)
  }
  return results
}

export interface CompactedTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  /** Beside `cleanup.policy=compact`. */
  readonly configs?: Readonly<Record<string, string>>
}

/** Refusals that may still leave a usable topic behind: whoever uses it next finds out. */
const TOLERATED: ReadonlySet<number> = new Set([
  ErrorCode.TOPIC_ALREADY_EXISTS,
  ErrorCode.TOPIC_AUTHORIZATION_FAILED,
  ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
])

/** Creates a compacted topic where there is none, as Connect does for its own topics. Existing ones are not checked. */
export const createCompactedTopic = async (cluster: Cluster, topic: CompactedTopic): Promise<void> => {
  const [result] = await createNewTopics(cluster, [{ ...topic, configs: { ...topic.configs, 'cleanup.policy': 'compact' } }])
  if (result === undefined || result.errorCode === ErrorCode.NONE || TOLERATED.has(result.errorCode)) return
  check(
    result.errorCode,
    `creating the topic ${topic.name} (${topic.partitions} partitions, replication factor ${topic.replicationFactor})`,
    'start',
    result.errorMessage,
  )
}
