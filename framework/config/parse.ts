import type { ConfigDefinition } from '../api/config-definition.ts'
import { ConfigError, type ConfigProblem } from '../api/connect-error.ts'
import { masked } from './secrets.ts'
import { parseValue, type Value, type ValueTypes } from './values.ts'

/**
 * The typed form of a definition, indexed by Kafka's names; null where the default is null. Declare the definition
 * `as const satisfies ConfigDefinition` so that its types are kept.
 */
export type Parsed<D extends ConfigDefinition> = {
  readonly [K in keyof D]: ValueTypes[D[K]['type']] | (D[K] extends { readonly default: null } ? null : never)
}

/**
 * Reads what a definition knows out of properties, which may hold more. The result is frozen.
 * @throws ConfigError with every problem
 */
export function parseConfig<const D extends ConfigDefinition>(
  definition: D,
  properties: Readonly<Record<string, string>>,
): Parsed<D> {
  const problems: ConfigProblem[] = []
  const parsed = tryParseConfig(definition, properties, problem => problems.push(problem))
  if (parsed === undefined) throw new ConfigError(problems)
  return parsed
}

/** As `parseConfig`, but hands each problem to `report`; undefined if there was one. */
export function tryParseConfig<const D extends ConfigDefinition>(
  definition: D,
  properties: Readonly<Record<string, string>>,
  report: (problem: ConfigProblem) => void,
): Parsed<D> | undefined {
  const values: Record<string, Value | null> = {}
  let sound = true
  for (const [name, key] of Object.entries(definition)) {
    const text = properties[name] ?? key.default
    if (text === null) values[name] = null
    else if (text === undefined) {
      sound = false
      report({ key: name, message: `is missing; set it: ${key.doc}` })
    } else {
      const parsed = parseValue(key, text)
      if ('value' in parsed) values[name] = parsed.value
      else {
        sound = false
        report({ key: name, value: key.type === 'password' ? '[hidden]' : masked(name, text), message: parsed.problem })
      }
    }
  }
  return sound ? (Object.freeze(values) as Parsed<D>) : undefined
}
