import type { ConfigDefinition, ConfigProblem } from '../api/index.ts'
import { type Parsed, parseConfig, tryParseConfig } from '../config/parse.ts'
import type { RecordErrorSettings } from './record-errors.ts'

/** What every connector understands of records that fail, beside its own keys. */
export const errorKeys = {
  'errors.tolerance': {
    type: 'string',
    default: 'none',
    oneOf: ['none', 'all'],
    doc: 'all: records that cannot be converted or transformed are passed over; none: the first one fails the task',
  },
  'errors.retry.timeout': {
    type: 'long',
    default: '0',
    min: -1,
    doc: 'how many milliseconds a failure that may pass is tried again; -1 = for ever',
  },
  'errors.retry.delay.max.ms': {
    type: 'long',
    default: '60000',
    min: 1,
    doc: 'the longest wait between two attempts',
  },
  'errors.log.enable': {
    type: 'boolean',
    default: 'false',
    doc: 'whether every record that fails is logged, also where it is passed over',
  },
  'errors.log.include.messages': {
    type: 'boolean',
    default: 'false',
    doc: 'whether the log says where such a record stands: topic, partition, offset and timestamp, never its key or value',
  },
} as const satisfies ConfigDefinition

/** Of a record that fails: `error` = stage, class and cause; `place` = where the record stands as well. */
export type RecordErrorLogging = 'nothing' | 'error' | 'place'

export interface ErrorConfig {
  readonly settings: RecordErrorSettings
  readonly logging: RecordErrorLogging
}

/** Throws `ConfigError` with every problem. */
export const parseErrorConfig = (config: Readonly<Record<string, string>>): ErrorConfig =>
  errorConfigOf(parseConfig(errorKeys, config))

/** As `parseErrorConfig`, but hands each problem to `report`; undefined if there was one. */
export const tryParseErrorConfig = (
  config: Readonly<Record<string, string>>,
  report: (problem: ConfigProblem) => void,
): ErrorConfig | undefined => {
  const parsed = tryParseConfig(errorKeys, config, report)
  return parsed && errorConfigOf(parsed)
}

const errorConfigOf = (parsed: Parsed<typeof errorKeys>): ErrorConfig => ({
  settings: {
    tolerance: parsed['errors.tolerance'] === 'all' ? 'all' : 'none',
    retryTimeoutMs: parsed['errors.retry.timeout'],
    retryDelayMaxMs: parsed['errors.retry.delay.max.ms'],
  },
  logging: !parsed['errors.log.enable'] ? 'nothing' : parsed['errors.log.include.messages'] ? 'place' : 'error',
})
