import { type ConfigDefinition, ConfigError } from '../api/index.ts'
import { parseConfig } from '../config/parse.ts'
import type { RestartSettings } from './settings.ts'

/** When what has failed is started again by itself: keys of a worker, and of a connector for itself. */
export const restartKeys = {
  'isthmus.restart.max': {
    type: 'int',
    default: '0',
    min: 0,
    doc: 'how often a failed connector or task is started again by itself within isthmus.restart.within.ms; 0 = never, as in Kafka Connect',
  },
  'isthmus.restart.within.ms': {
    type: 'long',
    default: '3600000',
    min: 1,
    doc: 'the span in which restarts count',
  },
  'isthmus.restart.delay.ms': {
    type: 'long',
    default: '1000',
    min: 0,
    doc: 'how long it waits before the first restart; twice as long before each further one',
  },
  'isthmus.restart.delay.max.ms': {
    type: 'long',
    default: '60000',
    min: 0,
    doc: 'the longest wait before a restart',
  },
} as const satisfies ConfigDefinition

/**
 * @param connector what it has of `restartKeys` counts instead of the worker's
 * @throws ConfigError with every problem
 */
export const parseRestartSettings = (
  worker: Readonly<Record<string, string>>,
  connector: Readonly<Record<string, string>> = {},
): RestartSettings => {
  const parsed = parseConfig(restartKeys, { ...worker, ...connector })
  const settings = {
    max: parsed['isthmus.restart.max'],
    withinMs: parsed['isthmus.restart.within.ms'],
    initialDelayMs: parsed['isthmus.restart.delay.ms'],
    maxDelayMs: parsed['isthmus.restart.delay.max.ms'],
  }
  if (settings.maxDelayMs < settings.initialDelayMs) {
    const message = `must not be less than isthmus.restart.delay.ms, which is ${settings.initialDelayMs}`
    throw new ConfigError([{ key: 'isthmus.restart.delay.max.ms', value: String(settings.maxDelayMs), message }])
  }
  return settings
}
