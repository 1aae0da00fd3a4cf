import type { Logger } from '../../../framework/api/index.ts'
import type { Seldom } from '../../../framework/flow/index.ts'
import { type AdminResult, describeTopicConfigs } from '../../../framework/kafka/admin/configs.ts'
import { createNewTopics, growTopics, type NewTopic } from '../../../framework/kafka/admin/topics.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { ErrorCode, errorName } from '../../../framework/kafka/protocol/error-codes.ts'
import type { ConfigPropertyFilter } from '../../../policies/index.ts'
import { newTopicConfig } from './topic-config.ts'
import type { Inventory } from './topic-inventory.ts'

export interface RemoteTopicsOptions {
  readonly source: Cluster
  readonly target: Cluster
  readonly targetAlias: string
  /** -1 = the target's default. */
  readonly replicationFactor: number
  readonly filter: ConfigPropertyFilter
  readonly logger: Logger
  /** Of what is refused again and again. */
  readonly warnings: Seldom
  remoteName(topic: string): string
}

/**
 * Creates the remote topics that are missing and grows those with too few partitions; never shrinks or deletes.
 * Returns the topics of the source for which this failed; each is logged.
 */
export const createRemoteTopics = async (inventory: Inventory, options: RemoteTopicsOptions): Promise<readonly string[]> => {
  const missing = [...inventory.source.keys()].filter(topic => !inventory.target.has(options.remoteName(topic)))
  const tooSmall = [...inventory.source].filter(
    ([topic, count]) => (inventory.target.get(options.remoteName(topic)) ?? count) < count,
  )
  const failed: string[] = []
  if (missing.length > 0) failed.push(...(await create(missing, inventory, options)))
  if (tooSmall.length > 0) failed.push(...(await grow(tooSmall, options)))
  return failed
}

const create = async (missing: readonly string[], inventory: Inventory, options: RemoteTopicsOptions): Promise<string[]> => {
  const configs = await describeTopicConfigs(options.source, missing)
  const topics = missing.map(
    (topic): NewTopic => ({
      name: options.remoteName(topic),
      partitions: inventory.source.get(topic) ?? 1,
      replicationFactor: options.replicationFactor,
      configs: newTopicConfig(configs.get(topic) ?? [], options.filter),
    }),
  )
  const results = await createNewTopics(options.target, topics)
  return report(results, missing, options, 'created', ErrorCode.TOPIC_ALREADY_EXISTS)
}

const grow = async (tooSmall: readonly (readonly [string, number])[], options: RemoteTopicsOptions): Promise<string[]> => {
  const counts = new Map(tooSmall.map(([topic, count]) => [options.remoteName(topic), count]))
  const results = await growTopics(options.target, counts)
  const topics = tooSmall.map(([topic]) => topic)
  return report(results, topics, options, 'given more partitions', ErrorCode.INVALID_PARTITIONS)
}

const report = (
  results: readonly AdminResult[],
  topics: readonly string[],
  options: RemoteTopicsOptions,
  done: string,
  tolerated: number,
): string[] => {
  const byName = new Map(results.map(result => [result.name, result]))
  return topics.filter(topic => {
    const name = options.remoteName(topic)
    const result = byName.get(name)
    if (result === undefined || result.errorCode === tolerated) return false
    if (result.errorCode === ErrorCode.NONE) {
      options.logger.info({ topic: name }, `topic ${name} on ${options.targetAlias} ${done}`)
      return false
    }
    const { errorCode, errorMessage } = result
    options.logger[options.warnings.level('warn')](
      { topic: name, code: errorName(errorCode) },
      `topic ${name} on ${options.targetAlias} could not be ${done}: ${errorName(errorCode)}${errorMessage ? ` (${errorMessage})` : ''}${hint(errorCode, options)}`,
    )
    return true
  })
}

const INVALID_REPLICATION_FACTOR = 38

const hint = (errorCode: number, { replicationFactor, target }: RemoteTopicsOptions): string =>
  errorCode === INVALID_REPLICATION_FACTOR
    ? `; replication.factor = ${replicationFactor} and the target has ${target.brokerCount} broker(s): lower it, or set -1 for the target's default`
    : ''
