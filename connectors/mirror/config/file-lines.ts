import { Findings, type Reporter } from '../../../framework/config/findings.ts'
import { configProviders, type ProviderOptions, resolveVariables } from '../../../framework/config/providers.ts'
import { compileJavaPattern } from '../../../policies/index.ts'
import type { FlowSource } from './flow-config.ts'
import { modernize } from './legacy-keys.ts'
import { type ClusterPair, MirrorMakerConfig } from './mirror-maker-config.ts'

type Properties = Readonly<Record<string, string>>

export interface LineOptions {
  /** For `${env:…}`. Default: the process's. */
  readonly env?: ProviderOptions['env']
}

/** A flow that copies records, in this process or in another one with the same file. */
export interface EnabledFlow extends ClusterPair {
  /** `A->B`. */
  readonly name: string
  /** Of its source connector, variables resolved; nothing is judged. */
  readonly properties: Properties
}

/** The lines of a file in their current spelling, and what resolves their variables. */
export function readLines(properties: Properties, options: LineOptions, findings: Reporter): FlowSource {
  const pairs = pairsOf(new MirrorMakerConfig(properties).clusters)
  const raw = trimSwitches(modernize(properties, pairs, findings), pairs, findings)
  const resolve = resolver(raw, options, findings)
  return { raw, resolve, config: new MirrorMakerConfig(raw, resolve) }
}

/** Every flow that a file enables, whatever else is wrong with it. */
export function enabledFlows(properties: Properties, options: LineOptions = {}): readonly EnabledFlow[] {
  const file = readLines(properties, options, new Findings())
  const flows = file.config.clusterPairs.map(({ source, target }) => {
    return { source, target, name: `${source}->${target}`, properties: sourceConnectorOf({ source, target }, file) }
  })
  return flows.filter(flow => copies(flow.properties))
}

/** Settings of the source connector of a pair, variables resolved. */
export function sourceConnectorOf(pair: ClusterPair, { config, resolve }: FlowSource): Properties {
  return resolve(config.connectorBaseConfig(pair, 'MirrorSourceConnector'))
}

/** Whether a source connector with these settings copies records. */
export function copies(properties: Properties): boolean {
  return properties.enabled?.trim().toLowerCase() === 'true'
}

function resolver(raw: Properties, options: LineOptions, findings: Reporter): (properties: Properties) => Properties {
  const matcher = (pattern: string): ((name: string) => boolean) => compileJavaPattern(pattern).matches
  const warn = (key: string, message: string): void => findings.warning(key, undefined, message)
  const providers = configProviders(raw, warn, options.env === undefined ? { matcher } : { matcher, env: options.env })
  return properties =>
    resolveVariables(properties, providers, ({ variable, reason }) => {
      const key = Object.keys(raw).find(k => raw[k]?.includes(variable)) ?? variable
      findings.warning(key, undefined, `the variable ${variable} stays as it is: ${reason}`)
    })
}

/** MirrorMaker 2 takes `true` with a blank after it for false when it chooses pairs; nobody means that. */
function trimSwitches(raw: Properties, pairs: readonly ClusterPair[], findings: Reporter): Properties {
  const trimmed: Record<string, string> = Object.assign(Object.create(null), raw)
  const switches = [
    'enabled',
    'emit.heartbeats.enabled',
    ...pairs.flatMap(p => ['enabled', 'emit.heartbeats.enabled'].map(key => `${p.source}->${p.target}.${key}`)),
  ]
  for (const key of switches) {
    const value = raw[key]
    if (value === undefined) continue
    trimmed[key] = value.trim()
    if (!/^(true|false)$/i.test(value.trim())) findings.problem(key, value, 'must be true or false')
    else if (value !== value.trim())
      findings.warning(key, value, 'ends in a blank, which MirrorMaker 2 takes for false; remove it')
  }
  return trimmed
}

function pairsOf(clusters: readonly string[]): readonly ClusterPair[] {
  return clusters.flatMap(source => clusters.filter(target => target !== source).map(target => ({ source, target })))
}
