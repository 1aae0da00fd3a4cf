import { type ConfigDefinition, ConfigError, type ConfigProblem, type Logger } from '../api/index.ts'
import { tryParseConfig } from '../config/parse.ts'
import { CODEC_NAMES, type Codec } from '../kafka/record-batch/index.ts'
import { type ErrorConfig, parseErrorConfig } from './record-error-config.ts'
import { parseTopicCreation, type TopicCreation, topicCreationKeys } from './topic-creation.ts'

const COMPRESSION = 'producer.override.compression.type'
const WINDOW = 'isthmus.window.bytes'
const NOTICE = 'isthmus.source.gap.notice.ms'

const ownKeys = {
  [COMPRESSION]: {
    type: 'string',
    default: null,
    oneOf: CODEC_NAMES,
    doc: 'how record batches are compressed; as the worker has it (compression.type of its producers) by default',
  },
  [WINDOW]: {
    type: 'long',
    default: '16777216',
    min: 1_048_576,
    doc: 'bytes of a task on their way, at most',
  },
  [NOTICE]: {
    type: 'long',
    default: '60000',
    min: 1000,
    doc: 'how long a partition that lost records at the source is shown to have trouble',
  },
} as const satisfies ConfigDefinition

/** What every source connector understands of its configuration, beside its own keys and `errorKeys`. */
export const sourceKeys = { ...topicCreationKeys, ...ownKeys } as const satisfies ConfigDefinition

export interface SourceConfig {
  readonly errors: ErrorConfig
  /** Undefined = the connector has no `topic.creation.*`. */
  readonly creation: TopicCreation | undefined
  /** Undefined = the connector does not say. */
  readonly codec: Codec | undefined
  readonly windowBytes: number
  readonly lossNoticeMs: number
}

/** Throws `ConfigError` with every problem; warns of keys that have no effect. */
export const parseSourceConfig = (config: Readonly<Record<string, string>>, logger: Logger): SourceConfig => {
  const problems: ConfigProblem[] = []
  const report = (problem: ConfigProblem) => problems.push(problem)
  const errors = collected(() => parseErrorConfig(config), report)
  const creation = parseTopicCreation(config, report, message => logger.warn({}, message))
  const own = tryParseConfig(ownKeys, config, report)
  if (errors === undefined || own === undefined || problems.length > 0) throw new ConfigError(problems)
  return {
    errors,
    creation,
    codec: CODEC_NAMES.find(name => name === own[COMPRESSION]),
    windowBytes: own[WINDOW],
    lossNoticeMs: own[NOTICE],
  }
}

const collected = <T>(parse: () => T, report: (problem: ConfigProblem) => void): T | undefined => {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    error.problems.forEach(report)
    return undefined
  }
}
