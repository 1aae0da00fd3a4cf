import { type ConfigDefinition, ConfigError, type ConfigProblem } from '../api/index.ts'
import { parseConfig } from '../config/parse.ts'
import type { TopicSelection } from '../kafka/consumer-group/options.ts'
import { type AssignorName, defaultSinkTaskSettings, type SinkTaskSettings } from './sink-settings.ts'

const ASSIGNORS: Readonly<Record<string, AssignorName>> = {
  'org.apache.kafka.clients.consumer.RangeAssignor': 'range',
  'org.apache.kafka.clients.consumer.CooperativeStickyAssignor': 'cooperative-sticky',
}

/** What every sink connector understands of its configuration, beside its own keys. */
export const sinkKeys = {
  topics: { type: 'list', default: '', doc: 'topics to read, by name; either this or topics.regex' },
  'topics.regex': { type: 'string', default: '', doc: 'a regular expression that the whole name of a topic has to match' },
  'consumer.override.group.id': {
    type: 'string',
    default: '',
    doc: 'the consumer group; connect-<name of the connector> by default',
  },
  'consumer.override.auto.offset.reset': {
    type: 'string',
    default: 'earliest',
    oneOf: ['earliest', 'latest', 'none'],
    doc: 'where to begin in a partition of which nothing is committed; none: fail, also where records are gone that were not read',
  },
  'consumer.override.isolation.level': {
    type: 'string',
    default: 'read_committed',
    oneOf: ['read_committed', 'read_uncommitted'],
    doc: 'whether records of aborted transactions are delivered; unlike in Kafka Connect they are not by default',
  },
  'consumer.override.max.poll.records': {
    type: 'int',
    default: '500',
    min: 1,
    doc: 'records of one batch, unless more were written as one',
  },
  'consumer.override.session.timeout.ms': {
    type: 'int',
    default: '45000',
    min: 1,
    doc: 'without a heartbeat for so long a task counts as dead',
  },
  'consumer.override.heartbeat.interval.ms': {
    type: 'int',
    default: '3000',
    min: 1,
    doc: 'at most a third of the session timeout',
  },
  'consumer.override.max.poll.interval.ms': {
    type: 'int',
    default: '300000',
    min: 1,
    doc: 'how long a rebalance waits for a task to finish what it has begun; a batch may take longer than that otherwise',
  },
  'consumer.override.partition.assignment.strategy': {
    type: 'list',
    default: Object.keys(ASSIGNORS).join(','),
    oneOf: Object.keys(ASSIGNORS),
    doc: 'best first; with the cooperative one alone, tasks keep what need not move in a rebalance',
  },
} as const satisfies ConfigDefinition

export interface SinkConfig {
  /** Undefined = `connect-<name of the connector>`. */
  readonly groupId: string | undefined
  readonly selection: TopicSelection
  readonly settings: SinkTaskSettings
}

/** Throws `ConfigError` with every problem of a kind at once. */
export const parseSinkConfig = (config: Readonly<Record<string, string>>): SinkConfig => {
  const parsed = parseConfig(sinkKeys, config)
  const sessionTimeoutMs = parsed['consumer.override.session.timeout.ms']
  const heartbeatIntervalMs = parsed['consumer.override.heartbeat.interval.ms']
  if (heartbeatIntervalMs * 3 > sessionTimeoutMs) {
    const message = `must be at most a third of session.timeout.ms, which is ${sessionTimeoutMs}`
    throw refused({ key: 'consumer.override.heartbeat.interval.ms', value: String(heartbeatIntervalMs), message })
  }
  const offsetReset = parsed['consumer.override.auto.offset.reset']
  const isolation = parsed['consumer.override.isolation.level']
  return {
    groupId: parsed['consumer.override.group.id'] || undefined,
    selection: selected(parsed.topics, parsed['topics.regex']),
    settings: {
      ...defaultSinkTaskSettings,
      sessionTimeoutMs,
      heartbeatIntervalMs,
      rebalanceTimeoutMs: parsed['consumer.override.max.poll.interval.ms'],
      maxRecords: parsed['consumer.override.max.poll.records'],
      offsetReset: offsetReset === 'latest' || offsetReset === 'none' ? offsetReset : 'earliest',
      isolation: isolation === 'read_uncommitted' ? isolation : 'read_committed',
      assignors: parsed['consumer.override.partition.assignment.strategy'].flatMap(name => ASSIGNORS[name] ?? []),
    },
  }
}

const selected = (list: readonly string[], regex: string): TopicSelection => {
  const topics = list.filter(name => name !== '')
  if (topics.length > 0) {
    if (regex === '') return { topics }
    throw refused({ key: 'topics.regex', value: regex, message: 'remove it, or remove topics: only one of them may be given' })
  }
  if (regex === '')
    throw refused({ key: 'topics', message: 'say which topics to read: a list, or a regular expression as topics.regex' })
  try {
    return { pattern: new RegExp(`^(?:${regex})$`, 'u') }
  } catch (error) {
    throw refused({ key: 'topics.regex', value: regex, message: (error as Error).message })
  }
}

const refused = (problem: ConfigProblem): ConfigError => new ConfigError([problem])
