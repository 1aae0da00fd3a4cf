import { ConnectError, type Logger } from '../../../framework/api/index.ts'
import type { Seldom } from '../../../framework/flow/index.ts'
import {
  alterTopicConfigs,
  type ConfigChange,
  describeTopicConfigs,
  type TopicConfigEntry,
} from '../../../framework/kafka/admin/configs.ts'
import { BrokerError } from '../../../framework/kafka/client-errors.ts'
import type { Cluster } from '../../../framework/kafka/cluster.ts'
import { ErrorCode, errorName } from '../../../framework/kafka/protocol/error-codes.ts'
import type { ConfigPropertyFilter } from '../../../policies/index.ts'
import { topicConfigChanges } from './topic-config.ts'

export interface ConfigSyncOptions {
  readonly source: Cluster
  readonly target: Cluster
  readonly targetAlias: string
  readonly filter: ConfigPropertyFilter
  readonly logger: Logger
  /** Of what is refused again and again. */
  readonly warnings: Seldom
}

/** Whether a change would change anything. */
const isNews = (change: ConfigChange, present: readonly TopicConfigEntry[]): boolean => {
  const entry = present.find(({ name }) => name === change.name)
  if (change.value === null) return entry?.source === 'topic'
  return entry?.source !== 'topic' || entry.value !== change.value
}

/**
 * Keeps the settings of remote topics in step with the source's: only what differs is sent, so an idle run changes nothing.
 * `topics`: source name to remote name. Resolves with what was refused.
 */
export const syncTopicConfigs = async (
  topics: ReadonlyMap<string, string>,
  options: ConfigSyncOptions,
): Promise<readonly string[]> => {
  if (topics.size === 0) return []
  const { source, target, filter, logger } = options
  const [wanted, present] = await Promise.all([
    describeTopicConfigs(source, [...topics.keys()]),
    describeTopicConfigs(target, [...topics.values()]).catch(unlessForbidden),
  ])
  const changes = new Map<string, readonly ConfigChange[]>()
  for (const [topic, remote] of topics) {
    const news = topicConfigChanges(wanted.get(topic) ?? [], filter).filter(change => isNews(change, present.get(remote) ?? []))
    if (news.length > 0) changes.set(remote, news)
  }
  if (changes.size === 0) return []
  const refused: string[] = []
  for (const { name, errorCode, errorMessage } of await alterTopicConfigs(target, changes)) {
    const settings = (changes.get(name) ?? []).map(change => `${change.name}=${change.value ?? '(default)'}`).join(', ')
    if (errorCode === ErrorCode.NONE)
      logger.info({ topic: name }, `settings of ${name} on ${options.targetAlias} brought in step: ${settings}`)
    else {
      const message = `settings of ${name} on ${options.targetAlias} could not be brought in step (${settings}): ${errorName(errorCode)}${errorMessage ? ` (${errorMessage})` : ''}`
      logger[options.warnings.level('warn')]({ topic: name, code: errorName(errorCode) }, message)
      refused.push(message)
    }
    if (errorCode === UNSUPPORTED_VERSION) {
      const message = `the target cluster ${options.targetAlias} does not support IncrementalAlterConfigs (Kafka 2.3 or later): set sync.topic.configs.enabled = false`
      throw new ConnectError('UNSUPPORTED_VERSION', message, { kind: 'fatal', stage: 'discovery' })
    }
  }
  return refused
}

const UNSUPPORTED_VERSION = 35

/** Without the right to look at the target's settings all of them are sent, as MirrorMaker 2 does. */
const unlessForbidden = (error: unknown): ReadonlyMap<string, readonly TopicConfigEntry[]> => {
  if (error instanceof BrokerError && error.protocolCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED) return new Map()
  throw error
}
