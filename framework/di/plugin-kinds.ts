import type { AnyClass } from './make-plugin.ts'

/** In the order in which they are shown. */
export const KINDS = [
  'source connector',
  'sink connector',
  'converter',
  'header converter',
  'transform',
  'predicate',
  'replication policy',
  'topic filter',
  'group filter',
  'config property filter',
] as const

export type PluginKind = (typeof KINDS)[number]

/** Methods that tell what a class is for. */
const METHODS: readonly (readonly [PluginKind, readonly string[]])[] = [
  ['converter', ['fromConnect', 'toConnect']],
  ['header converter', ['fromConnectHeader', 'toConnectHeader']],
  ['transform', ['apply']],
  ['predicate', ['test']],
  ['replication policy', ['formatRemoteTopic', 'topicSource', 'upstreamTopic']],
  ['topic filter', ['shouldReplicateTopic']],
  ['group filter', ['shouldReplicateGroup']],
  ['config property filter', ['shouldReplicateConfigProperty']],
]

/** What a configuration may name a class for; empty = nothing that is known here. */
export function kindsOf(type: AnyClass): readonly PluginKind[] {
  const ancestors = ancestorsOf(type)
  if (ancestors.includes('SourceConnector')) return ['source connector']
  if (ancestors.includes('SinkConnector')) return ['sink connector']
  const prototype: object = type.prototype
  return METHODS.filter(([, methods]) => methods.every(method => method in prototype)).map(([kind]) => kind)
}

function ancestorsOf(type: AnyClass): string[] {
  const names: string[] = []
  for (let one: unknown = type; typeof one === 'function'; one = Object.getPrototypeOf(one)) names.push(one.name)
  return names
}
