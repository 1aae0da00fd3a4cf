import { ConfigError } from '../api/index.ts'
import type { MakePlugin, PluginContract, PluginLoader, PluginReference } from '../api/plugin.ts'
import { registerConverters } from '../converters/index.ts'
import { registerTransforms } from '../transforms/index.ts'
import type { TestInjector } from './test-injector.ts'

/** A converter, a transform or a predicate of one's own. */
export type TestPlugin = new () => object

type Configurable = object & { configure?(properties: Readonly<Record<string, string>>): void }

/** Finds the framework's converters and transforms by name, and the classes it is given by theirs; imports nothing. */
export class TestPlugins implements PluginLoader {
  readonly #types = new Map<string, new () => unknown>()
  readonly #injector: TestInjector

  constructor(injector: TestInjector, own: Readonly<Record<string, TestPlugin>>) {
    this.#injector = injector
    registerConverters(this)
    registerTransforms(this)
    for (const [name, type] of Object.entries(own)) this.register(name, type)
  }

  register(name: string, type: new () => unknown): void {
    this.#types.set(name, type)
  }

  async load<T>({ key, value }: PluginReference, { what, methods }: PluginContract<T>): Promise<MakePlugin<T>> {
    const type = this.#types.get(value)
    if (type === undefined) {
      const message = `is not known to the harness as ${what}: hand it its class, plugins: { '${value}': … }`
      throw new ConfigError([{ key, value, message }])
    }
    return (_, properties) => {
      const instance = this.#injector.construct(type) as T & Configurable
      const missing = methods.filter(method => typeof instance[method] !== 'function')
      if (missing.length > 0)
        throw new ConfigError([{ key, value, message: `has no method ${missing.join(', ')} and so is not ${what}` }])
      instance.configure?.(properties)
      return instance
    }
  }
}
