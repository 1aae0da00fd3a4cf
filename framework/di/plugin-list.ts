import { extname } from 'node:path'
import type { AnyClass } from './make-plugin.ts'
import { isClass } from './pick-class.ts'
import { docOf } from './plugin-docs.ts'
import { kindsOf, type PluginKind } from './plugin-kinds.ts'
import { PluginRegistry } from './plugins.ts'
import { registerBuiltIns } from './register-built-ins.ts'

/** A class that a configuration may name. */
export interface ListedPlugin {
  /** The shortest of its names. */
  readonly name: string
  /** Its other names. */
  readonly aliases: readonly string[]
  readonly kinds: readonly PluginKind[]
  /** What it does; of those that come with the package. */
  readonly doc?: string
}

/** From here, without the extension, which is that of this file: replication policies and filters, known to the mirror. */
const POLICIES = '../../policies/index'

/** Everything that comes with the package. */
export async function builtInPlugins(): Promise<readonly ListedPlugin[]> {
  const registry = new PluginRegistry()
  registerBuiltIns(registry)
  const extension = extname(new URL(import.meta.url).pathname)
  const policies: { readonly policyAliases: ReadonlyMap<string, AnyClass> } = await import(
    new URL(POLICIES + extension, import.meta.url).href
  )
  for (const [name, type] of policies.policyAliases) registry.register(name, type)
  const namesOf = new Map<AnyClass, string[]>()
  for (const [name, type] of await registry.classes()) namesOf.set(type, [...(namesOf.get(type) ?? []), name])
  return [...namesOf].map(([type, names]) => {
    const [name = '', ...aliases] = [...names].sort((a, b) => a.length - b.length || a.localeCompare(b))
    const doc = docOf(name)
    return { name, aliases, kinds: kindsOf(type), ...(doc === undefined ? {} : { doc }) }
  })
}

/** The classes among the exports of a module that are of use, under the names by which a configuration has them. */
export function pluginsAmong(module: string, exports: Readonly<Record<string, unknown>>): readonly ListedPlugin[] {
  const classes = Object.entries(exports).filter((entry): entry is [string, AnyClass] => isClass(entry[1]))
  const useful = classes.map(([name, type]) => ({ name, kinds: kindsOf(type) })).filter(({ kinds }) => kinds.length > 0)
  return useful.map(({ name, kinds }) => {
    const full = name === 'default' ? module : `${module}#${name}`
    return { name: full, aliases: useful.length === 1 && full !== module ? [module] : [], kinds }
  })
}
