import { ConfigError, type ConfigProblem } from '../../../framework/api/index.ts'
import { parseConfig } from '../../../framework/config/parse.ts'
import {
  DEFAULT_GROUPS,
  DEFAULT_GROUPS_EXCLUDE,
  DEFAULT_TOPICS,
  DEFAULT_TOPICS_EXCLUDE,
  DefaultGroupFilter,
  DefaultTopicFilter,
  type GroupFilter,
  PatternList,
  policyAliases,
  type ReplicationPolicy,
  splitList,
  type TopicFilter,
} from '../../../policies/index.ts'
import { builtInPolicy } from '../client/client-config.ts'
import { emitsCheckpoints } from '../config/checkpoint-config.ts'
import { type CheckOptions, checkMirrorFile, checkpointDefinition, type MirrorFlow } from '../config/index.ts'
import { keepsNames, type TopicPair, topicPairs } from './topic-pairs.ts'

type Properties = Readonly<Record<string, string>>

export interface FailoverSettingsOptions extends Pick<CheckOptions, 'env'> {
  /** As of the `FailoverConsumer`. */
  readonly topics: readonly string[]
  readonly group: string
  /** Both aliases. */
  readonly clusters: readonly [string, string]
  /** Where the file names classes of one's own: instances of them, configured. */
  readonly policy?: ReplicationPolicy
  readonly topicFilter?: TopicFilter
  readonly groupFilter?: GroupFilter
}

/** A setting without which a group cannot move exactly. */
export interface MissingSetting extends ConfigProblem {
  /** To write into the mirror's file, instead of the line with that key if there is one. */
  readonly line: string
}

export interface FailoverSettings {
  /** Empty = the group can move both ways. */
  readonly missing: readonly MissingSetting[]
  /** What one should know all the same. */
  readonly notes: readonly string[]
}

/**
 * Whether a mirror's file has what a `FailoverConsumer` needs: both flows, with the topics and the names of their copies (their offsets are
 * translated home), the group, checkpoints and offset syncs. Where the policy keeps names, one flow.
 * @param properties as `readPropertiesFile` reads them
 * @throws ConfigError for a file that no mirror would run, or classes of one's own that were not handed over
 * @example
 * const { missing } = checkFailoverSettings(readPropertiesFile('mm2.properties'), { topics: ['orders'], group: 'billing', clusters: ['A', 'B'] })
 * for (const { line, message } of missing) console.log(`${line}   # ${message}`)
 */
export function checkFailoverSettings(properties: Properties, options: FailoverSettingsOptions): FailoverSettings {
  const { topics, clusters, env } = options
  const [a, b] = clusters
  const pairs = topicPairs(topics, clusters, source => policyFor(source, properties, options))
  const environment = env === undefined ? {} : { env }
  const { flows } = checkMirrorFile(properties, environment)
  const find = (source: string, target: string, of = flows): MirrorFlow | undefined =>
    of.find(flow => flow.source === source && flow.target === target)
  if (keepsNames(pairs)) {
    const flow = find(a, b) ?? find(b, a)
    return { missing: flow === undefined ? [disabled(a, b)] : missingOf(flow, pairs, options), notes: [KEPT_NAMES] }
  }
  const off = [[a, b] as const, [b, a] as const].filter(([source, target]) => find(source, target) === undefined)
  const enabling = Object.fromEntries(off.map(([source, target]) => [`${source}->${target}.enabled`, 'true']))
  const all = off.length === 0 ? flows : checkMirrorFile({ ...properties, ...enabling }, environment).flows
  const missing = [find(a, b, all), find(b, a, all)].flatMap(flow => (flow === undefined ? [] : missingOf(flow, pairs, options)))
  return { missing: [...off.map(([source, target]) => disabled(source, target)), ...missing], notes: [] }
}

const KEPT_NAMES =
  'topics keep their names, so only one flow may be enabled at a time: after a failover turn it round and copy back with isthmus failback, then call moveTo'

function disabled(source: string, target: string): MissingSetting {
  const key = `${source}->${target}.enabled`
  return { key, message: `a group that leaves ${source} needs the flow ${source}->${target}`, line: `${key} = true` }
}

function missingOf(flow: MirrorFlow, pairs: readonly TopicPair[], options: FailoverSettingsOptions): MissingSetting[] {
  const { name, source, target, connectors, sourceConfig } = flow
  const isCopy = ({ origin }: TopicPair): number => Number(origin === target)
  const topicsToFollow = pairs.toSorted((one, other) => isCopy(one) - isCopy(other)).flatMap(({ names }) => names[source] ?? [])
  const topicFilter = options.topicFilter ?? topicFilterOf(flow)
  const groupFilter = options.groupFilter ?? groupFilterOf(flow)
  const topics = topicsToFollow.filter(topic => !topicFilter.shouldReplicateTopic(topic))
  const missing: MissingSetting[] = []
  if (topics.length > 0)
    missing.push(
      notInList(flow, 'topics', topics, `offsets in ${topics.join(', ')} of ${source} are not translated to ${target}`),
    )
  if (!groupFilter.shouldReplicateGroup(options.group)) {
    missing.push(notInList(flow, 'groups', [options.group], `offsets of group ${options.group} are not translated to ${target}`))
  }
  if (!emitsCheckpoints(parseConfig(checkpointDefinition, connectors.MirrorCheckpointConnector))) {
    const key = `${name}.emit.checkpoints.enabled`
    missing.push({
      key,
      message: `without checkpoints nothing on ${target} tells where a group of ${source} stood`,
      line: `${key} = true`,
    })
  }
  if (!sourceConfig['emit.offset-syncs.enabled']) {
    const key = `${name}.emit.offset-syncs.enabled`
    missing.push({
      key,
      message: 'without offset syncs, and the exact map that comes with them, no offset is translated',
      line: `${key} = true`,
    })
  }
  return missing
}

const DEFAULTS = {
  topics: DEFAULT_TOPICS,
  groups: DEFAULT_GROUPS,
  'topics.exclude': DEFAULT_TOPICS_EXCLUDE,
  'groups.exclude': DEFAULT_GROUPS_EXCLUDE,
} as const

/** Names may be missing from the list, or be in the list of what is left out. */
function notInList(
  { name, connectors }: MirrorFlow,
  list: 'topics' | 'groups',
  names: readonly string[],
  message: string,
): MissingSetting {
  const lineOf = (key: keyof typeof DEFAULTS): string => connectors.MirrorCheckpointConnector[key] ?? DEFAULTS[key]
  const included = new PatternList(list, lineOf(list))
  const absent = names.filter(wanted => !included.matches(wanted))
  if (absent.length > 0) {
    const items = [...splitList(lineOf(list)), ...absent.map(escapeDots)]
    return { key: `${name}.${list}`, value: lineOf(list), message, line: `${name}.${list} = ${items.join(', ')}` }
  }
  const exclude = `${list}.exclude` as const
  const kept = splitList(lineOf(exclude)).filter(item => !names.some(wanted => new PatternList(exclude, item).matches(wanted)))
  return { key: `${name}.${exclude}`, value: lineOf(exclude), message, line: `${name}.${exclude} = ${kept.join(', ')}` }
}

/** Names are read as regular expressions. In a properties file a backslash is written twice. */
const escapeDots = (name: string): string => name.replaceAll('.', '\\\\.')

function policyFor(source: string, properties: Properties, { policy }: FailoverSettingsOptions): ReplicationPolicy {
  return policy ?? builtInPolicy({ ...properties, 'source.cluster.alias': source })
}

function topicFilterOf({ connectors }: MirrorFlow): TopicFilter {
  const properties = connectors.MirrorCheckpointConnector
  assertBuiltIn('topic.filter.class', properties, DefaultTopicFilter)
  const filter = new DefaultTopicFilter()
  filter.configure(properties)
  return filter
}

function groupFilterOf({ connectors }: MirrorFlow): GroupFilter {
  const properties = connectors.MirrorCheckpointConnector
  assertBuiltIn('group.filter.class', properties, DefaultGroupFilter)
  const filter = new DefaultGroupFilter()
  filter.configure(properties)
  return filter
}

function assertBuiltIn(key: string, properties: Properties, type: typeof DefaultTopicFilter | typeof DefaultGroupFilter): void {
  const value = properties[key]?.trim()
  if (value === undefined || policyAliases.get(value) === type) return
  throw new ConfigError([{ key, value, message: 'is not built in; hand an instance of it to checkFailoverSettings' }])
}
