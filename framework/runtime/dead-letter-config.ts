import type { ConfigDefinition, ConfigProblem } from '../api/index.ts'
import { tryParseConfig } from '../config/parse.ts'
import type { TopicSelection } from '../kafka/consumer-group/options.ts'

const TOPIC = 'errors.deadletterqueue.topic.name'

/** What every sink connector understands of where records go that cannot be written. */
export const deadLetterKeys = {
  [TOPIC]: {
    type: 'string',
    default: '',
    doc: 'a topic for records that cannot be converted, transformed or written, as they were; created with one partition where it is missing',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    type: 'int',
    default: '3',
    min: -1,
    validate: text => (Number(text) === 0 ? 'must be at least 1, or -1 for what the brokers have by default' : undefined),
    doc: 'of that topic where it is created; -1 = what the brokers have',
  },
  'errors.deadletterqueue.context.headers.enable': {
    type: 'boolean',
    default: 'false',
    doc: 'whether such records have headers beside their own, __connect.errors.*, that say where they were and what was wrong',
  },
} as const satisfies ConfigDefinition

/** Where records go that cannot be written. */
export interface DeadLetterSettings {
  readonly topic: string
  /** Where the topic is created; -1 = what the brokers have. */
  readonly replicationFactor: number
  /** Beside their own: none, or Connect's ten that tell where the record was and what was wrong. */
  readonly headers: 'none' | 'context'
}

/** Undefined where no topic is named, or something is wrong, which `report` is told. @param selection what the connector reads */
export const parseDeadLetters = (
  config: Readonly<Record<string, string>>,
  selection: TopicSelection | undefined,
  report: (problem: ConfigProblem) => void,
): DeadLetterSettings | undefined => {
  const parsed = tryParseConfig(deadLetterKeys, config, report)
  const topic = parsed?.[TOPIC].trim() ?? ''
  if (parsed === undefined || topic === '') return undefined
  if (selection !== undefined && isRead(topic, selection)) {
    const by = 'topics' in selection ? 'topics' : 'topics.regex'
    report({ key: TOPIC, value: topic, message: `choose another name: this is a topic that the connector reads (${by})` })
    return undefined
  }
  return {
    topic,
    replicationFactor: parsed['errors.deadletterqueue.topic.replication.factor'],
    headers: parsed['errors.deadletterqueue.context.headers.enable'] ? 'context' : 'none',
  }
}

const isRead = (topic: string, selection: TopicSelection): boolean =>
  'topics' in selection ? selection.topics.includes(topic) : selection.pattern.test(topic)
