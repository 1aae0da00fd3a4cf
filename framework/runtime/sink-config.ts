import { type ConfigDefinition, ConfigError, type ConfigProblem } from '../api/index.ts'
import { type Parsed, tryParseConfig } from '../config/parse.ts'
import type { TopicSelection } from '../kafka/consumer-group/options.ts'
import { type DeadLetterSettings, deadLetterKeys, parseDeadLetters } from './dead-letter-config.ts'
import { type ErrorConfig, errorKeys, tryParseErrorConfig } from './record-error-config.ts'
import { type AssignorName, defaultSinkTaskSettings, type SinkTaskSettings } from './sink-settings.ts'

const ASSIGNORS: Readonly<Record<string, AssignorName>> = {
  'org.apache.kafka.clients.consumer.RangeAssignor': 'range',
  'org.apache.kafka.clients.consumer.CooperativeStickyAssignor': 'cooperative-sticky',
}

const readingKeys = {
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

/** What every sink connector understands of its configuration, beside its own keys. */
export const sinkKeys = { ...readingKeys, ...errorKeys, ...deadLetterKeys } as const satisfies ConfigDefinition

export interface SinkConfig {
  /** Undefined = `connect-<name of the connector>`. */
  readonly groupId: string | undefined
  readonly selection: TopicSelection
  readonly settings: SinkTaskSettings
  readonly errors: ErrorConfig
  /** Undefined = records that cannot be written are not kept. */
  readonly deadLetters: DeadLetterSettings | undefined
}

type Report = (problem: ConfigProblem) => void

/** Throws `ConfigError` with every problem. */
export const parseSinkConfig = (config: Readonly<Record<string, string>>): SinkConfig => {
  const problems: ConfigProblem[] = []
  const report: Report = problem => problems.push(problem)
  const parsed = tryParseConfig(readingKeys, config, report)
  const selection = selected(config, report)
  const errors = tryParseErrorConfig(config, report)
  const deadLetters = parseDeadLetters(config, selection, report)
  if (parsed !== undefined) checkHeartbeats(parsed, report)
  if (parsed === undefined || selection === undefined || errors === undefined || problems.length > 0)
    throw new ConfigError(problems)
  const groupId = parsed['consumer.override.group.id'] || undefined
  return { groupId, selection, settings: settingsOf(parsed), errors, deadLetters }
}

const checkHeartbeats = (parsed: Parsed<typeof readingKeys>, report: Report): void => {
  const key = 'consumer.override.heartbeat.interval.ms'
  const sessionTimeoutMs = parsed['consumer.override.session.timeout.ms']
  const value = parsed[key]
  if (value * 3 <= sessionTimeoutMs) return
  const message = `must be at most a third of session.timeout.ms, which is ${sessionTimeoutMs}`
  report({ key, value: String(value), message })
}

const settingsOf = (parsed: Parsed<typeof readingKeys>): SinkTaskSettings => {
  const offsetReset = parsed['consumer.override.auto.offset.reset']
  const isolation = parsed['consumer.override.isolation.level']
  return {
    ...defaultSinkTaskSettings,
    sessionTimeoutMs: parsed['consumer.override.session.timeout.ms'],
    heartbeatIntervalMs: parsed['consumer.override.heartbeat.interval.ms'],
    rebalanceTimeoutMs: parsed['consumer.override.max.poll.interval.ms'],
    maxRecords: parsed['consumer.override.max.poll.records'],
    offsetReset: offsetReset === 'latest' || offsetReset === 'none' ? offsetReset : 'earliest',
    isolation: isolation === 'read_uncommitted' ? isolation : 'read_committed',
    assignors: parsed['consumer.override.partition.assignment.strategy'].flatMap(name => ASSIGNORS[name] ?? []),
  }
}

const selected = (config: Readonly<Record<string, string>>, report: Report): TopicSelection | undefined => {
  const parsed = tryParseConfig(
    { topics: readingKeys.topics, 'topics.regex': readingKeys['topics.regex'] },
    config,
    () => undefined,
  )
  const topics = parsed?.topics.filter(name => name !== '') ?? []
  const regex = parsed?.['topics.regex'] ?? ''
  if (topics.length > 0 && regex === '') return { topics }
  if (topics.length > 0)
    report({ key: 'topics.regex', value: regex, message: 'remove it, or remove topics: only one of them may be given' })
  else if (regex === '')
    report({ key: 'topics', message: 'say which topics to read: a list, or a regular expression as topics.regex' })
  else return pattern(regex, report)
  return undefined
}

const pattern = (regex: string, report: Report): TopicSelection | undefined => {
  try {
    return { pattern: new RegExp(`^(?:${regex})$`, 'u') }
  } catch (error) {
    report({ key: 'topics.regex', value: regex, message: (error as Error).message })
    return undefined
  }
}
