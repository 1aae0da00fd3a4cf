import type { Reporter } from '../../../framework/config/findings.ts'
import { didYouMean } from '../../../framework/config/nearest.ts'
import { observeKeyNames } from '../../../framework/config/observe-keys.ts'
import { workerKeys, workerKeysWithoutEffect } from '../../../framework/config/worker-keys.ts'
import { policyAliases } from '../../../policies/index.ts'
import { checkpointDefinition } from './checkpoint-config.ts'
import { CLIENT_CONFIG_NAMES } from './client-config-names.ts'
import { clientKeys } from './client-keys.ts'
import { heartbeatDefinition } from './heartbeat-config.ts'
import { CONNECTOR_KEYS } from './mirror-maker-config.ts'
import { sourceDefinition } from './source-config.ts'

type Properties = Readonly<Record<string, string>>

const definitions = { ...sourceDefinition, ...checkpointDefinition, ...heartbeatDefinition }
const workerNames = Object.values(workerKeys).map(key => key.kafka as string)
const STORAGE = /^(offset|config|status)\.storage\./
const CONVERTER = /^(key|value|header)\.converter(\.|$)/
const FREE_IN_FLOW =
  /^((source|target)\.(cluster|consumer|producer|admin)|consumer|admin|(producer|consumer|admin)\.override|config\.providers|replication\.policy)\./
export const AT_LEAST_ONCE =
  'delivery is at least once here: after a crash the records since the last stored offset arrive twice; make consumers idempotent'

/** Warns about every line of a file that does nothing, or not what one might think, and says what to write instead. */
export function checkKeys(raw: Properties, clusters: readonly string[], report: Reporter): void {
  const flows = clusters.flatMap(source => clusters.filter(target => target !== source).map(target => `${source}->${target}`))
  const customClasses = Object.entries(raw).some(
    ([key, value]) => /(policy|filter)\.class$/.test(key) && !policyAliases.has(value.trim()),
  )
  for (const [key, value] of Object.entries(raw)) {
    const flow = flows.find(name => key.startsWith(`${name}.`))
    const alias = clusters.filter(name => key.startsWith(`${name}.`)).sort((a, b) => b.length - a.length)[0]
    let finding: Finding
    if (CONVERTER.test(key.slice(flow === undefined ? 0 : flow.length + 1)) && hasTransforms(raw, flow)) continue
    if (flow !== undefined) finding = checkFlowKey(key.slice(flow.length + 1), value, flow, customClasses)
    else if (key.includes('->')) continue
    else if (alias !== undefined) finding = checkClusterKey(key.slice(alias.length + 1), alias)
    else finding = checkTopLevelKey(key, value, clusters, flows[0] ?? 'A->B')
    if (finding !== undefined) report.warning(key, value, finding)
  }
}

/** What is odd about a key and what to do. */
type Finding = string | undefined

/** Converters are looked at where records are read. */
function hasTransforms(raw: Properties, flow: string | undefined): boolean {
  return Object.keys(raw).some(
    key => key === 'transforms' || (flow === undefined ? key.endsWith('.transforms') : key === `${flow}.transforms`),
  )
}

function checkFlowKey(name: string, value: string, flow: string, customClasses: boolean): Finding {
  const producer = /^(?:target\.)?producer\.(?!override\.)(.+)$/.exec(name)?.[1]
  if (producer !== undefined) {
    const instead = `${targetOf(flow)}.producer.${producer} or ${flow}.producer.override.${producer}`
    return `does not reach the producer of records; write ${instead}`
  }
  if (/^exactly\.once\.support$|^transaction\.boundary/.test(name)) return AT_LEAST_ONCE
  if (/^topic\.creation\./.test(name)) return 'has no effect: topics are created like those of the source; see replication.factor'
  if (name === 'offsets.storage.topic') return undefined
  if (Object.hasOwn(definitions, name)) return withoutEffect(name, value)
  const known =
    FREE_IN_FLOW.test(name) ||
    CLIENT_CONFIG_NAMES.includes(name) ||
    CONVERTER.test(name) ||
    /^(transforms|predicates)\./.test(name)
  return known || customClasses ? undefined : unknown(name, Object.keys(definitions))
}

function checkClusterKey(name: string, alias: string): Finding {
  if (name === 'exactly.once.source.support') return AT_LEAST_ONCE
  if (Object.hasOwn(workerKeysWithoutEffect, name)) return workerKeysWithoutEffect[name]
  const known = [...CLIENT_CONFIG_NAMES, ...workerNames, ...Object.keys(clientKeys.worker)]
  const free =
    STORAGE.test(name) ||
    CONVERTER.test(name) ||
    /^(config\.providers|replication\.policy|(consumer|producer|admin)\..)/.test(name)
  if (free || known.includes(name)) return undefined
  if (CONNECTOR_KEYS.has(name)) return `has no effect for a cluster; write it for a flow, X->${alias}.${name}, or without prefix`
  const kind = (['consumer', 'producer'] as const).find(k => Object.hasOwn(clientKeys[k], name))
  return kind === undefined ? unknown(name, known) : `has no effect for a cluster; write ${alias}.${kind}.${name}`
}

function checkTopLevelKey(key: string, value: string, clusters: readonly string[], flow: string): Finding {
  if (observeKeyNames.includes(key)) return undefined
  if (key === 'clusters' || key === 'task.shutdown.graceful.timeout.ms') return undefined
  if (key === 'use.defaults.from') return `has no effect without a flow; write ${flow}.${key}`
  if (key === 'exactly.once.source.support') return AT_LEAST_ONCE
  if (CONNECTOR_KEYS.has(key)) return withoutEffect(key, value)
  if (CLIENT_CONFIG_NAMES.includes(key) || STORAGE.test(key) || CONVERTER.test(key)) return undefined
  if (/^(config\.providers|replication\.policy)/.test(key)) return undefined
  if (Object.hasOwn(workerKeysWithoutEffect, key)) return workerKeysWithoutEffect[key]
  if (workerNames.includes(key) || /^(consumer|producer|admin)\../.test(key)) {
    return `has no effect without a cluster; write ${targetOf(flow)}.${key}`
  }
  const alias = key.slice(0, Math.max(0, key.indexOf('.')))
  if (CLIENT_CONFIG_NAMES.includes(key.slice(alias.length + 1))) {
    return `has no effect: clusters names no cluster ${alias}${didYouMean(alias, clusters) || '; add it or remove the line'}`
  }
  return unknown(key, ['clusters', ...observeKeyNames, ...CONNECTOR_KEYS, ...CLIENT_CONFIG_NAMES])
}

function unknown(name: string, known: Iterable<string>): Finding {
  return `is not a known setting and is ignored${didYouMean(name, known) || '; correct or remove it'}`
}

/** The definitions say of themselves what does nothing here. */
export function withoutEffect(name: string, value: string): string | undefined {
  const doc = Object.hasOwn(definitions, name) ? definitions[name as keyof typeof definitions].doc : ''
  return doc.startsWith('has no effect') && !value.trim().endsWith('ByteArrayConverter') ? `${doc}; remove it` : undefined
}

function targetOf(flow: string): string {
  return flow.slice(flow.indexOf('->') + 2)
}
