import convict from 'convict'
import type { ConfigKey } from '../api/config-definition.ts'
import type { ConfigProblem } from '../api/connect-error.ts'
import { masked } from './secrets.ts'
import { parseValue, type Value, type ValueTypes } from './values.ts'

/** A key by a name that convict can have: it takes dots for paths, and `a.b` cannot stand beside `a.b.c`. */
export interface LeafKey extends ConfigKey {
  /** The key as files know it. */
  readonly kafka: string
  readonly default?: string
}

export type LeafKeys = Readonly<Record<string, LeafKey>>
export type LeafValues<K extends LeafKeys> = { readonly [L in keyof K]: ValueTypes[K[L]['type']] }

const REPORTED = 'reported above'

/** Reads keys out of properties through convict; others are left alone. Hands each problem to `report`; undefined if there was one. */
export function readLeaves<const K extends LeafKeys>(
  keys: K,
  properties: Readonly<Record<string, string>>,
  report: (problem: ConfigProblem) => void,
): LeafValues<K> | undefined {
  const config = convict(schema(keys, properties, report), { env: {}, args: [] })
  config.load(valuesOf(keys, properties))
  try {
    config.validate({ allowed: 'strict' })
  } catch (error) {
    if (error instanceof Error && error.message.includes(REPORTED)) return undefined
    throw error
  }
  return config.getProperties() as unknown as LeafValues<K>
}

/** The format of each leaf finds the text of its Kafka name wrong or right: convict then gathers, and nothing is judged by messages. */
function schema(
  keys: LeafKeys,
  properties: Readonly<Record<string, string>>,
  report: (problem: ConfigProblem) => void,
): convict.Schema<Record<string, Value | null>> {
  const leaves = Object.entries(keys).map(([leaf, key]) => {
    const text = properties[key.kafka] ?? key.default
    const format = (): void => {
      const problem = text === undefined ? `is missing; set it: ${key.doc}` : problemOf(parseValue(key, text))
      if (problem === undefined) return
      const value = text === undefined ? {} : { value: masked(key.kafka, text) }
      report({ key: key.kafka, ...value, message: problem })
      throw new Error(REPORTED)
    }
    const preset = key.default === undefined ? null : parsedValue(parseValue(key, key.default))
    return [leaf, { doc: key.doc, default: preset, format, nullable: false, kafka: key.kafka }]
  })
  return Object.fromEntries(leaves)
}

function valuesOf(keys: LeafKeys, properties: Readonly<Record<string, string>>): Partial<Record<string, Value>> {
  const values: Partial<Record<string, Value>> = {}
  for (const [leaf, key] of Object.entries(keys)) {
    const text = properties[key.kafka]
    if (text !== undefined) values[leaf] = parsedValue(parseValue(key, text)) ?? text
  }
  return values
}

function problemOf(parsed: ReturnType<typeof parseValue>): string | undefined {
  return 'problem' in parsed ? parsed.problem : undefined
}

function parsedValue(parsed: ReturnType<typeof parseValue>): Value | null {
  return 'value' in parsed ? parsed.value : null
}
