import { ConfigError } from '../api/index.ts'
import type { MakePlugin, PluginContract, PluginLoader, PluginReference } from '../api/plugin.ts'
import { withinLimit } from './within-limit.ts'

/** The same plugins; a module that does not finish loading within the limit is given up and named. */
export function limitedPlugins(plugins: PluginLoader, limitMs: number): PluginLoader {
  return {
    register: (name, type) => plugins.register(name, type),
    load<T>(reference: PluginReference, contract: PluginContract<T>): Promise<MakePlugin<T>> {
      const { key, value } = reference
      const message = `the module has not finished loading within ${limitMs / 1000} s: something at its top level waits`
      return withinLimit(
        plugins.load(reference, contract),
        limitMs,
        () => new ConfigError([{ key, value, message, fault: 'plugin' }]),
      )
    },
  }
}
