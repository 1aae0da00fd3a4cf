import { ConfigError } from '../api/index.ts'
import type { MakePlugin, PluginContract, PluginLoader, PluginReference } from '../api/plugin.ts'

/** The same plugins; a module that does not finish loading within the limit is given up and named. */
export function limitedPlugins(plugins: PluginLoader, limitMs: number): PluginLoader {
  return {
    register: (name, type) => plugins.register(name, type),
    async load<T>(reference: PluginReference, contract: PluginContract<T>): Promise<MakePlugin<T>> {
      const { key, value } = reference
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        const message = `the module has not finished loading within ${limitMs / 1000} s: something at its top level waits`
        timer = setTimeout(() => reject(new ConfigError([{ key, value, message, fault: 'plugin' }])), limitMs)
      })
      try {
        return await Promise.race([plugins.load(reference, contract), late])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
