import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ConfigError } from '../api/index.ts'
import type { MakePlugin, PluginContract, PluginLoader, PluginReference } from '../api/plugin.ts'
import { didYouMean } from '../config/nearest.ts'
import { type ImportFailure, importFrom } from './import-module.ts'
import { type AnyClass, makerOf } from './make-plugin.ts'
import { nearestFile } from './nearest-file.ts'
import { pickClass } from './pick-class.ts'
import { pluginFault, pluginProblem, reasonOf } from './plugin-problem.ts'

/** A path, from here or from the root, or a file URL. */
const PATH = /^(\.{0,2}[/\\]|file:|[a-zA-Z]:[/\\])/
const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(\/.+)?$/

/** What a program knows by name. Classes of modules are found beside the configuration that names them. */
export class PluginRegistry {
  readonly #classes = new Map<string, () => Promise<AnyClass>>()

  register(name: string, type: AnyClass): void {
    this.registerLater(name, async () => type)
  }

  /** Of a class whose module is loaded when it is asked for. */
  registerLater(name: string, load: () => Promise<AnyClass>): void {
    this.#classes.set(name, load)
  }

  /** Everything that is known by name. */
  get names(): readonly string[] {
    return [...this.#classes.keys()]
  }

  /** Everything that is known by name; loads what was not yet. */
  classes(): Promise<readonly (readonly [name: string, type: AnyClass])[]> {
    return Promise.all([...this.#classes].map(async ([name, load]) => [name, await load()] as const))
  }

  /** The exports of a module that a configuration could name. @throws ConfigError as `load` does */
  async exportsOf(module: string, folders: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const reference = { key: 'module', value: module }
    return (await this.#import(module, reference, 'a plugin', folders)).exports
  }

  /** @param folders where relative paths and packages are looked for, in this order */
  loader(folders: readonly string[]): PluginLoader {
    return {
      register: (name, type) => this.register(name, type),
      load: async (reference, contract) => this.#load(reference, contract, folders),
    }
  }

  async #load<T>(reference: PluginReference, contract: PluginContract<T>, folders: readonly string[]): Promise<MakePlugin<T>> {
    const name = reference.value.trim()
    const type =
      (await this.#classes.get(name)?.()) ?? (await this.#fromModule({ ...reference, value: name }, contract.what, folders))
    return makerOf(type, reference, contract)
  }

  async #fromModule(reference: PluginReference, what: string, folders: readonly string[]): Promise<AnyClass> {
    const { value } = reference
    const hash = value.lastIndexOf('#')
    const module = hash < 0 ? value : value.slice(0, hash)
    const exportName = hash < 0 ? undefined : value.slice(hash + 1)
    const { exports } = await this.#import(module, reference, what, folders)
    return pickClass(exports, exportName, reference, what)
  }

  async #import(
    module: string,
    reference: PluginReference,
    what: string,
    folders: readonly string[],
  ): Promise<{ readonly exports: Readonly<Record<string, unknown>> }> {
    if (!PATH.test(module) && !PACKAGE.test(module)) throw this.#unknown(reference, what, 'is not known here')
    for (const folder of [...new Set(folders)]) {
      const result = await importFrom(PATH.test(module) ? toUrl(module, folder) : module, folder)
      if ('exports' in result) return result
      if (result.kind !== 'not-found') throw failure(reference, result)
    }
    const where = [...new Set(folders)].join(' or ')
    if (PATH.test(module))
      throw pluginProblem(
        reference,
        `there is no file ${module} in ${where}${nearestFile(module, folders) || `; correct the path to the module of ${what}`}`,
      )
    throw this.#unknown(reference, what, `is neither known here nor a package that can be found from ${where}`)
  }

  #unknown(reference: PluginReference, what: string, how: string): ConfigError {
    const near = didYouMean(reference.value, this.#classes.keys())
    const advice = `${what} of your own is written ./file.js, ./file.js#Class or package#Class`
    return pluginProblem(reference, `${how}${near}; ${advice}; isthmus plugins lists what comes with Isthmus`)
  }
}

function toUrl(path: string, folder: string): string {
  return path.startsWith('file:') ? path : pathToFileURL(resolve(folder, path)).href
}

function failure(reference: PluginReference, result: ImportFailure): ConfigError {
  if (result.kind === 'broken') {
    return pluginFault(reference, `the module fails when it is loaded: ${reasonOf(result.cause)}`, result.cause)
  }
  const node = process.versions.node
  return pluginProblem(
    reference,
    `Node ${node} does not run TypeScript files; compile it to JavaScript or use Node 22.18 or later`,
  )
}
