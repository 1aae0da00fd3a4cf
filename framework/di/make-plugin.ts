import { ConfigError } from '../api/index.ts'
import type { MakePlugin, PluginContract, PluginReference } from '../api/plugin.ts'
import { pluginFault, reasonOf } from './plugin-problem.ts'

export type AnyClass = new () => unknown

interface Configurable {
  configure?(properties: Readonly<Record<string, string>>): void
}

/** Makes and configures instances of a class; what is wrong with it is told with the key that names it. */
export function makerOf<T>(type: AnyClass, reference: PluginReference, contract: PluginContract<T>): MakePlugin<T> {
  return (injector, properties) => {
    const instance = attempt(reference, constructing(type), () => injector.construct(type)) as T & Configurable
    const missing = contract.methods.filter(method => typeof instance[method] !== 'function')
    if (missing.length > 0) {
      throw pluginFault(reference, `${type.name} has no method ${missing.join(', ')} and so is not ${contract.what}`)
    }
    attempt(reference, `${type.name} does not accept its configuration`, () => instance.configure?.(properties))
    return instance
  }
}

function constructing(type: AnyClass): string {
  const advice =
    type.length === 0 ? '' : ` (it needs ${type.length} arguments: give them defaults, or have them injected by tsyringe)`
  return `an instance of ${type.name} cannot be made${advice}`
}

function attempt<R>(reference: PluginReference, what: string, job: () => R): R {
  try {
    return job()
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    throw pluginFault(reference, `${what}: ${reasonOf(cause)}`, cause)
  }
}
