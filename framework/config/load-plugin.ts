import type { ConfigDefinition } from '../api/config-definition.ts'
import { ConfigError, type ConfigProblem } from '../api/connect-error.ts'
import type { Injector } from '../api/injection.ts'
import type { PluginContract, PluginLoader, PluginReference } from '../api/plugin.ts'
import type { Logger } from '../api/task-context.ts'
import { didYouMean } from './nearest.ts'

type Properties = Readonly<Record<string, string>>

/** What finds, makes and configures the classes that a configuration names. */
export interface PluginServices {
  readonly plugins: PluginLoader
  readonly injector: Injector
  readonly logger: Logger
}

/** Of the properties whose names begin with the prefix: what follows it, to their values. */
export function propertiesBelow(properties: Properties, prefix: string): Record<string, string> {
  const below = Object.entries(properties).filter(([key]) => key.startsWith(prefix) && key.length > prefix.length)
  return Object.fromEntries(below.map(([key, value]) => [key.slice(prefix.length), value]))
}

/**
 * Makes what a key names and configures it with `properties`, which stand below `prefix`: problems are handed to `report` with the full key, the
 * instance is then undefined. A property that its `definition`, where it has one, does not know is warned about.
 */
export async function loadPlugin<T>(
  { plugins, injector, logger }: PluginServices,
  reference: PluginReference,
  contract: PluginContract<T>,
  { prefix, properties, given = {} }: { readonly prefix: string; readonly properties: Properties; readonly given?: Properties },
  report: (problem: ConfigProblem) => void,
): Promise<T | undefined> {
  try {
    const make = await plugins.load(reference, contract)
    const instance = make(injector, { ...properties, ...given })
    const { definition } = instance as { readonly definition?: ConfigDefinition }
    if (definition !== undefined) warnOfUnknown(Object.keys(properties), definition, prefix, logger)
    return instance
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) {
      report(problem.key === reference.key ? problem : { ...problem, key: prefix + problem.key })
    }
    return undefined
  }
}

function warnOfUnknown(keys: readonly string[], definition: ConfigDefinition, prefix: string, logger: Logger): void {
  for (const key of keys.filter(name => !Object.hasOwn(definition, name))) {
    logger.warn(
      { key: prefix + key },
      `${prefix}${key} is not known and has no effect${didYouMean(key, Object.keys(definition))}`,
    )
  }
}
