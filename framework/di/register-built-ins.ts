import { registerConverters } from '../converters/index.ts'
import { registerTransforms } from '../transforms/index.ts'
import { registerConnectors } from './built-in-connectors.ts'
import type { PluginRegistry } from './plugins.ts'

/** Makes connectors, converters, transforms and predicates of the package known by name; what was registered under a name before stays. */
export function registerBuiltIns(plugins: PluginRegistry): void {
  const known = new Set(plugins.names)
  const added = {
    register: (name: string, type: new () => unknown) => {
      if (!known.has(name)) plugins.register(name, type)
    },
    registerLater: (name: string, load: () => Promise<new () => unknown>) => {
      if (!known.has(name)) plugins.registerLater(name, load)
    },
  }
  registerConverters(added)
  registerTransforms(added)
  registerConnectors(added)
}

/** `plugin.path`: folders in which modules and packages are looked for last. */
export function pluginFolders(worker: Readonly<Record<string, string>>): readonly string[] {
  return (worker['plugin.path'] ?? '').split(',').flatMap(folder => folder.trim() || [])
}
