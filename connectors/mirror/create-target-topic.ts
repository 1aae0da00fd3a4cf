import { ConnectError } from '../../framework/api/index.ts'
import { createCompactedTopic } from '../../framework/kafka/admin/topics.ts'
import type { Cluster } from '../../framework/kafka/cluster.ts'
import { type RetryingOptions, retrying } from '../../framework/kafka/retry.ts'

export interface TargetTopic {
  readonly name: string
  readonly replicationFactor: number
  /** The setting that says so, for messages. */
  readonly replicationFactorKey: string
}

/**
 * Creates one of a flow's own topics, compacted and of one partition, where it is missing; an existing one is used as it is.
 * Rejects, with what to change in the file, when the target has too few brokers.
 */
export async function createTargetTopic(
  cluster: Cluster,
  { name, replicationFactor, replicationFactorKey }: TargetTopic,
  targetAlias: string,
  limits: RetryingOptions,
): Promise<void> {
  const create = () => createCompactedTopic(cluster, { name, partitions: 1, replicationFactor })
  try {
    await retrying(cluster, `creating topic ${name}`, create, limits)
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code !== 'INVALID_REPLICATION_FACTOR') throw error
    const remedy = `cluster ${targetAlias} has fewer brokers: set it to 1, or to -1 for the brokers' default`
    const message = `${replicationFactorKey} = ${replicationFactor}: ${error.message}; ${remedy}`
    throw new ConnectError(error.code, message, { kind: error.kind, stage: 'start', cause: error })
  }
}
