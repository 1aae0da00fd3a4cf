import convict from 'convict'
import { ConfigError, type ConfigProblem } from '../api/connect-error.ts'
import { masked } from './secrets.ts'
import { parseValue, type Value, type ValueTypes } from './values.ts'
import { workerKeys } from './worker-keys.ts'

type Leaf = keyof typeof workerKeys

/** A worker's settings, typed; times in milliseconds. */
export type WorkerConfig = { readonly [K in Leaf]: ValueTypes[(typeof workerKeys)[K]['type']] } & {
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
  const config = convict(schema(properties, report), { env: {}, args: [] })
  config.load(valuesOf(properties))
  try {
    config.validate({ allowed: 'strict' })
  } catch (error) {
    if (error instanceof Error && error.message.includes(REPORTED)) return undefined
    throw error
  }
  const storageTopicSettings = Object.freeze({
    offset: topicSettings(properties, 'offset'),
    config: topicSettings(properties, 'config'),
    status: topicSettings(properties, 'status'),
  })
  return Object.freeze({ ...config.getProperties(), storageTopicSettings }) as unknown as WorkerConfig
}

const REPORTED = 'reported above'

/** The format of each leaf finds the text of its Kafka name wrong or right: convict then gathers, and nothing is judged by messages. */
function schema(
  properties: Readonly<Record<string, string>>,
  report: (problem: ConfigProblem) => void,
): convict.Schema<Record<Leaf, Value | null>> {
  const leaves = Object.entries(workerKeys).map(([leaf, key]) => {
    const text = properties[key.kafka] ?? ('default' in key ? key.default : undefined)
    const format = (): void => {
      const problem = text === undefined ? `is missing; set it: ${key.doc}` : problemOf(parseValue(key, text))
      if (problem === undefined) return
      report(
        text === undefined
          ? { key: key.kafka, message: problem }
          : { key: key.kafka, value: masked(key.kafka, text), message: problem },
      )
      throw new Error(REPORTED)
    }
    const preset = 'default' in key ? parsedValue(parseValue(key, key.default)) : null
    return [leaf, { doc: key.doc, default: preset, format, nullable: false, kafka: key.kafka }]
  })
  return Object.fromEntries(leaves)
}

function valuesOf(properties: Readonly<Record<string, string>>): Partial<Record<Leaf, Value>> {
  const values: Partial<Record<Leaf, Value>> = {}
  for (const [leaf, key] of Object.entries(workerKeys)) {
    const text = properties[key.kafka]
    if (text !== undefined) values[leaf as Leaf] = parsedValue(parseValue(key, text)) ?? text
  }
  return values
}

/** `offset.storage.retention.ms` and the like. `cleanup.policy` is always compact. */
function topicSettings(properties: Readonly<Record<string, string>>, store: string): Readonly<Record<string, string>> {
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

function problemOf(parsed: ReturnType<typeof parseValue>): string | undefined {
  return 'problem' in parsed ? parsed.problem : undefined
}

function parsedValue(parsed: ReturnType<typeof parseValue>): Value | null {
  return 'value' in parsed ? parsed.value : null
}
