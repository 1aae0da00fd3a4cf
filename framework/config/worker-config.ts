import { ConfigError, type ConfigProblem } from '../api/connect-error.ts'
import { type LeafValues, readLeaves } from './convict-keys.ts'
import { workerKeys } from './worker-keys.ts'

/** A worker's settings, typed; times in milliseconds. */
export type WorkerConfig = LeafValues<typeof workerKeys> & {
  /** Settings for the three storage topics when they are created, by topic setting. */
  readonly storageTopicSettings: Readonly<Record<'offset' | 'config' | 'status', Readonly<Record<string, string>>>>
}

/**
 * Reads a worker's settings from properties under Kafka's names; others are left alone.
 * @throws ConfigError with every problem
 */
export function parseWorkerConfig(properties: Readonly<Record<string, string>>): WorkerConfig {
  const problems: ConfigProblem[] = []
  const parsed = tryParseWorkerConfig(properties, problem => problems.push(problem))
  if (parsed === undefined) throw new ConfigError(problems)
  return parsed
}

/** As `parseWorkerConfig`, but hands each problem to `report`; undefined if there was one. */
export function tryParseWorkerConfig(
  properties: Readonly<Record<string, string>>,
  report: (problem: ConfigProblem) => void,
): WorkerConfig | undefined {
  const leaves = readLeaves(workerKeys, properties, report)
  if (leaves === undefined) return undefined
  const storageTopicSettings = Object.freeze({
    offset: topicSettings(properties, 'offset'),
    config: topicSettings(properties, 'config'),
    status: topicSettings(properties, 'status'),
  })
  return Object.freeze({ ...leaves, storageTopicSettings })
}

/** `offset.storage.retention.ms` and the like. `cleanup.policy` is always compact. */
export function topicSettings(properties: Readonly<Record<string, string>>, store: string): Readonly<Record<string, string>> {
  const prefix = `${store}.storage.`
  const own = ['topic', 'replication.factor', 'partitions', 'cleanup.policy', 'file.filename']
  return Object.freeze(
    Object.fromEntries(
      Object.entries(properties).flatMap(([key, value]) => {
        const name = key.slice(prefix.length)
        return key.startsWith(prefix) && name !== '' && !own.includes(name) ? [[name, value.trim()]] : []
      }),
    ),
  )
}
