import type { Injector } from './injection.ts'

/** Where a class was named. */
export interface PluginReference {
  /** The key as the user wrote it. */
  readonly key: string
  /** A registered name, `./my-policy.js`, `./policies.js#MyPolicy`, `my-package` or `my-package#MyPolicy`. */
  readonly value: string
}

/** What is expected of a class that a configuration names. */
export interface PluginContract<T> {
  /** In words, for messages: `a replication policy`. */
  readonly what: string
  readonly methods: readonly (keyof T & string)[]
}

/**
 * Makes one instance and configures it, where it has a method `configure`.
 * Throws `ConfigError` when its constructor or `configure` throws, or a method is missing.
 */
export type MakePlugin<T> = (injector: Injector, properties: Readonly<Record<string, string>>) => T

/** Finds classes that a configuration names. */
export interface PluginLoader {
  /** Makes a class known under a name. */
  register(name: string, type: new () => unknown): void
  /** @throws ConfigError when nothing of that name is found, its module throws or it exports no class */
  load<T>(reference: PluginReference, contract: PluginContract<T>): Promise<MakePlugin<T>>
}
