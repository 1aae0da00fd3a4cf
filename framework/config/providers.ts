import { readFileSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { parseProperties } from './properties.ts'

/** Looks a variable up; undefined = there is no such thing. May throw, which is reported. */
export type ConfigProvider = (path: string, key: string) => string | undefined

/** `${name:key}` or `${name:path:key}` could not be resolved and stands as it was. */
export interface UnresolvedVariable {
  readonly key: string
  readonly variable: string
  readonly reason: string
}

export interface ProviderOptions {
  /** Compiles `allowlist.pattern` (a Java regular expression). Default: JavaScript's own syntax, whole name. */
  readonly matcher?: (pattern: string) => (name: string) => boolean
  readonly env?: Readonly<Record<string, string | undefined>>
}

type Factory = (params: Readonly<Record<string, string>>, options: ProviderOptions) => ConfigProvider

const factories: Readonly<Record<string, Factory>> = {
  FileConfigProvider: params => (path, key) => parseProperties(readFileSync(allowed(path, params)))[key],
  DirectoryConfigProvider: params => (path, key) => {
    const file = resolve(path, key)
    if (relative(resolve(path), file).startsWith('..')) throw new Error(`${key} is not in ${path}`)
    return readFileSync(allowed(file, params), 'utf8')
  },
  EnvVarConfigProvider: (params, options) => {
    const pattern = params['allowlist.pattern']
    const matcher = options.matcher ?? (text => name => new RegExp(`^(?:${text})$`, 'u').test(name))
    const allows = pattern === undefined ? () => true : matcher(pattern)
    return (path, key) => (path === '' && allows(key) ? (options.env ?? process.env)[key] : undefined)
  },
}

const JAVA_PACKAGE = 'org.apache.kafka.common.config.provider.'

/** The providers that `config.providers=a,b`, `config.providers.a.class` and `config.providers.a.param.*` declare. */
export function configProviders(
  properties: Readonly<Record<string, string>>,
  warn: (key: string, message: string) => void,
  options: ProviderOptions = {},
): ReadonlyMap<string, ConfigProvider> {
  const providers = new Map<string, ConfigProvider>()
  const names = (properties['config.providers'] ?? '').split(',').map(name => name.trim())
  for (const name of names.filter(n => n !== '')) {
    const key = `config.providers.${name}.class`
    const className = properties[key]?.trim()
    const factory = className === undefined ? undefined : factories[className.replace(JAVA_PACKAGE, '')]
    if (factory === undefined) {
      const what =
        className === undefined
          ? 'is missing, so this provider is left out'
          : `${className} is not known, so this provider is left out`
      warn(key, `${what}; use one of ${Object.keys(factories).join(', ')}`)
      continue
    }
    const prefix = `config.providers.${name}.param.`
    const params = Object.fromEntries(
      Object.entries(properties).flatMap(([k, v]) => (k.startsWith(prefix) ? [[k.slice(prefix.length), v]] : [])),
    )
    providers.set(name, factory(params, options))
  }
  return providers
}

/** Replaces every `${provider:path:key}` and `${provider:key}` in the values. What cannot be resolved stays as it is and is reported. */
export function resolveVariables(
  properties: Readonly<Record<string, string>>,
  providers: ReadonlyMap<string, ConfigProvider>,
  unresolved: (variable: UnresolvedVariable) => void,
): Readonly<Record<string, string>> {
  const resolved: Record<string, string> = Object.create(null)
  for (const [key, value] of Object.entries(properties)) {
    resolved[key] = value.replace(
      /\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}/g,
      (variable, name: string, _: unknown, path: string | undefined, item: string) => {
        const provider = providers.get(name)
        try {
          const found = provider?.(path ?? '', item)
          if (found !== undefined) return found
          unresolved({
            key,
            variable,
            reason: provider ? `${name} has no ${item}` : `no config provider is named ${name}; declare it in config.providers`,
          })
        } catch (error) {
          unresolved({ key, variable, reason: error instanceof Error ? error.message : String(error) })
        }
        return variable
      },
    )
  }
  return resolved
}

/** Checks a path against `allowed.paths`, a comma separated list of absolute files and directories. */
function allowed(path: string, params: Readonly<Record<string, string>>): string {
  const list = params['allowed.paths']
  const file = resolve(path)
  const inside = (root: string): boolean => {
    const rest = relative(root.trim(), file)
    return !rest.startsWith('..') && !isAbsolute(rest)
  }
  if (list !== undefined && !list.split(',').some(inside)) throw new Error(`${path} is outside allowed.paths = ${list}`)
  return file
}
