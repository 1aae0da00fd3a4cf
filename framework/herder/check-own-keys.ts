import type { ConfigDefinition } from '../api/index.ts'
import type { Reporter } from '../config/findings.ts'
import { didYouMean } from '../config/nearest.ts'
import { tryParseConfig } from '../config/parse.ts'
import { connectionKeys } from '../kafka/client-config/client-config.ts'
import { errorKeys, restartKeys, sinkKeys, sourceKeys } from '../runtime/index.ts'
import type { ConnectorClass } from './connector-class.ts'
import { connectorKeys, connectorPrefixes } from './connector-keys.ts'

type Properties = Readonly<Record<string, string>>

const OVERRIDE = /^(producer|consumer|admin)\.override\.(.+)$/
const OF_KIND = { source: 'producer', sink: 'consumer' } as const

/** The keys of its kind and its own: values that cannot be are problems; keys that nobody knows, or that change nothing, are warned about. */
export function checkOwnKeys({ kind, sample }: ConnectorClass, config: Properties, report: Reporter): void {
  const ofKind: ConfigDefinition = kind === 'source' ? sourceKeys : sinkKeys
  const own = (sample.definition as ConfigDefinition | undefined) ?? {}
  tryParseConfig(own, config, ({ key, value, message }) => report.problem(key, value, message))
  const known = [connectorKeys, errorKeys, restartKeys, ofKind, own].flatMap(keys => Object.keys(keys))
  for (const [key, value] of Object.entries(config)) {
    if (known.includes(key)) continue
    const [, client, setting] = OVERRIDE.exec(key) ?? []
    if (setting !== undefined) {
      if (client !== OF_KIND[kind] || !isOfConnection(setting)) report.warning(key, value, withoutEffect(kind, key, known))
    } else if (!connectorPrefixes.some(prefix => key.startsWith(prefix))) {
      report.warning(key, value, `is not known to ${sample.constructor.name} and has no effect${didYouMean(key, known)}`)
    }
  }
}

function withoutEffect(kind: ConnectorClass['kind'], key: string, known: readonly string[]): string {
  const prefix = `${OF_KIND[kind]}.override.`
  if (!key.startsWith(prefix)) return `has no effect on a ${kind}: use ${prefix}${key.slice(key.indexOf('.override.') + 10)}`
  const settings = [...known.filter(name => name.startsWith(prefix)), ...Object.keys(connectionKeys).map(name => prefix + name)]
  return `has no effect here${didYouMean(key, settings) || '; remove it'}`
}

function isOfConnection(setting: string): boolean {
  return Object.hasOwn(connectionKeys, setting) || /^(ssl|sasl|security)\./.test(setting)
}
