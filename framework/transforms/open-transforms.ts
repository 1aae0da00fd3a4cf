import { ConfigError, type ConfigProblem } from '../api/connect-error.ts'
import type { PluginContract } from '../api/plugin.ts'
import type { Predicate, Transform } from '../api/transform.ts'
import { loadPlugin, type PluginServices, propertiesBelow } from '../config/load-plugin.ts'
import { didYouMean } from '../config/nearest.ts'
import { TransformChain, type TransformStage } from './transform-chain.ts'

type Properties = Readonly<Record<string, string>>

const TRANSFORM: PluginContract<Transform> = { what: 'a transform', methods: ['apply'] }
const PREDICATE: PluginContract<Predicate> = { what: 'a predicate', methods: ['test'] }
const OF_THE_CHAIN: readonly string[] = ['type', 'predicate', 'negate']

/**
 * Makes the chain that `transforms` and `predicates` of a connector's properties describe; an empty one where they describe none.
 * @throws ConfigError with every problem, each with its full key
 */
export async function openTransforms(services: PluginServices, properties: Properties): Promise<TransformChain> {
  const opening = new Opening(services, properties)
  const predicates = await opening.predicates()
  const stages = await opening.stages(predicates)
  if (opening.problems.length > 0) throw new ConfigError(opening.problems)
  return new TransformChain(
    stages,
    [...predicates.values()].filter(predicate => predicate !== undefined),
  )
}

class Opening {
  readonly problems: ConfigProblem[] = []
  readonly #services: PluginServices
  readonly #properties: Properties

  constructor(services: PluginServices, properties: Properties) {
    this.#services = services
    this.#properties = properties
  }

  /** By alias; undefined = it has a problem, already told. */
  async predicates(): Promise<ReadonlyMap<string, Predicate | undefined>> {
    const predicates = new Map<string, Predicate | undefined>()
    for (const alias of this.#aliases('predicates')) {
      predicates.set(alias, await this.#load('predicates', alias, PREDICATE, ['type']))
    }
    return predicates
  }

  async stages(predicates: ReadonlyMap<string, Predicate | undefined>): Promise<TransformStage[]> {
    const stages: TransformStage[] = []
    for (const alias of this.#aliases('transforms')) {
      const applies = this.#condition(alias, predicates)
      const transform = await this.#load('transforms', alias, TRANSFORM, OF_THE_CHAIN)
      const type = this.#properties[`transforms.${alias}.type`] ?? ''
      if (transform !== undefined) stages.push({ alias, type, transform, ...(applies && { applies }) })
    }
    return stages
  }

  #aliases(list: 'transforms' | 'predicates'): readonly string[] {
    const value = this.#properties[list] ?? ''
    const aliases = value.split(',').map(alias => alias.trim())
    const named = aliases.filter(alias => alias !== '')
    for (const alias of new Set(named.filter((name, i) => named.indexOf(name) !== i))) {
      this.#problem(list, value, `names ${alias} twice; every alias stands for one`)
    }
    this.#warnOfUnlisted(list, named)
    return [...new Set(named)]
  }

  /** Properties of an alias that the list does not name. */
  #warnOfUnlisted(list: string, aliases: readonly string[]): void {
    for (const key of Object.keys(this.#properties)) {
      const [, alias] = /^(?:transforms|predicates)\.(.+)\.type$/.exec(key) ?? []
      if (alias === undefined || !key.startsWith(`${list}.`) || aliases.includes(alias)) continue
      this.#services.logger.warn(
        { key },
        `${key} has no effect, since ${list} does not name ${alias}${didYouMean(alias, aliases)}`,
      )
    }
  }

  #condition(alias: string, predicates: ReadonlyMap<string, Predicate | undefined>): TransformStage['applies'] {
    const key = `transforms.${alias}.predicate`
    const name = this.#properties[key]?.trim()
    const negate = this.#negate(alias)
    if (name === undefined || name === '') {
      if (negate !== undefined)
        this.#problem(`transforms.${alias}.negate`, String(negate), `has no effect without ${key}; set that too`)
      return undefined
    }
    if (!predicates.has(name)) {
      const known = didYouMean(name, predicates.keys()) || '; name it there and set its type'
      this.#problem(key, name, `is not among the predicates${known}`)
    }
    const predicate = predicates.get(name)
    return predicate && (record => predicate.test(record) !== (negate ?? false))
  }

  #negate(alias: string): boolean | undefined {
    const key = `transforms.${alias}.negate`
    const value = this.#properties[key]?.trim().toLowerCase()
    if (value === undefined || value === 'true' || value === 'false') return value === undefined ? undefined : value === 'true'
    this.#problem(key, value, 'must be true or false')
    return undefined
  }

  async #load<T>(list: string, alias: string, contract: PluginContract<T>, own: readonly string[]): Promise<T | undefined> {
    const prefix = `${list}.${alias}.`
    const key = `${prefix}type`
    const value = this.#properties[key]
    if (value === undefined) {
      this.problems.push({ key, message: `is missing; name the class of ${contract.what}` })
      return undefined
    }
    const below = Object.entries(propertiesBelow(this.#properties, prefix)).filter(([name]) => !own.includes(name))
    const report = (problem: ConfigProblem) => this.problems.push(problem)
    return loadPlugin(this.#services, { key, value }, contract, { prefix, properties: Object.fromEntries(below) }, report)
  }

  #problem(key: string, value: string, message: string): void {
    this.problems.push({ key, value, message })
  }
}
