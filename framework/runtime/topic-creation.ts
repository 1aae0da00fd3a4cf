import { type ConfigDefinition, ConfigError, type ConfigProblem } from '../api/index.ts'
import { propertiesBelow } from '../config/load-plugin.ts'
import { didYouMean } from '../config/nearest.ts'
import { type Parsed, tryParseConfig } from '../config/parse.ts'
import type { NewTopic } from '../kafka/admin/topics.ts'
import { javaRegExp } from '../transforms/java-regexp.ts'

type Properties = Readonly<Record<string, string>>
type Report = (problem: ConfigProblem) => void

const PREFIX = 'topic.creation.'
const DEFAULT = 'default'

const COUNT = {
  type: 'int',
  default: null,
  min: -1,
  validate: text => (Number(text) === 0 ? 'must be at least 1, or -1 for what the brokers have by default' : undefined),
} as const satisfies Partial<ConfigDefinition[string]>

/** What every source connector understands of the topics that are created for it. Groups have keys of their own, named by their alias. */
export const topicCreationKeys = {
  'topic.creation.groups': {
    type: 'list',
    default: '',
    doc: 'aliases of groups of topics, the first that a topic belongs to counts: topic.creation.<alias>.include, .exclude, .partitions, .replication.factor, and any setting of a topic',
  },
  'topic.creation.default.replication.factor': { ...COUNT, doc: 'of topics that are in no group; -1 = what the brokers have' },
  'topic.creation.default.partitions': { ...COUNT, doc: 'of topics that are in no group; -1 = what the brokers have' },
} as const satisfies ConfigDefinition

const groupKeys = {
  include: { type: 'list', default: '', doc: 'regular expressions for whole names of topics' },
  exclude: { type: 'list', default: '', doc: 'regular expressions for whole names of topics' },
  'replication.factor': { ...COUNT, doc: 'as the default group has it, unless set' },
  partitions: { ...COUNT, doc: 'as the default group has it, unless set' },
} as const satisfies ConfigDefinition

/** How a topic that does not exist is created. */
export type TopicCreation = (name: string) => NewTopic & { readonly group: string }

interface Group {
  readonly alias: string
  readonly includes: (name: string) => boolean
  readonly topic: Omit<NewTopic, 'name'>
}

/**
 * What `topic.creation.*` says; undefined where it says nothing, or something is wrong, which `report` is told.
 * @param warn told of keys that have no effect
 */
export const parseTopicCreation = (
  config: Properties,
  report: Report,
  warn: (message: string) => void,
): TopicCreation | undefined => {
  const keys = Object.keys(config).filter(key => key.startsWith(PREFIX))
  if (keys.length === 0) return undefined
  let isSound = true
  const problem: Report = found => {
    isSound = false
    report(found)
  }
  const parsed = soundOf(topicCreationKeys, config, problem)
  const aliases = (parsed['topic.creation.groups'] ?? []).filter(alias => alias !== DEFAULT)
  const replicationFactor = required(config, parsed, 'topic.creation.default.replication.factor', problem)
  const partitions = required(config, parsed, 'topic.creation.default.partitions', problem)
  for (const key of ['include', 'exclude']) refuseOfDefault(config, `${PREFIX}${DEFAULT}.${key}`, problem)
  for (const key of keys) warnOfUnlisted(key, aliases, warn)
  const otherwise = { partitions, replicationFactor, configs: {} }
  const groups = aliases.map(alias => groupOf(config, alias, otherwise, problem, warn))
  const configs = settingsOf(propertiesBelow(config, `${PREFIX}${DEFAULT}.`))
  if (!isSound) return undefined
  const ofDefault: Group = { alias: DEFAULT, includes: () => true, topic: { ...otherwise, configs } }
  return name => {
    const { alias, topic } = groups.find(group => group.includes(name)) ?? ofDefault
    return { name, group: alias, ...topic }
  }
}

/** The keys that have no problem: one mistake hides no other. */
const soundOf = <const D extends ConfigDefinition>(definition: D, config: Properties, report: Report): Partial<Parsed<D>> => {
  const parsed = Object.entries(definition).map(([name, key]) => tryParseConfig({ [name]: key }, config, report))
  return Object.assign({}, ...parsed) as Partial<Parsed<D>>
}

type RequiredKey = 'topic.creation.default.replication.factor' | 'topic.creation.default.partitions'

const required = (
  config: Properties,
  parsed: { readonly [K in RequiredKey]?: number | null },
  key: RequiredKey,
  report: Report,
): number => {
  if (config[key] === undefined) {
    const given = Object.keys(config).find(name => name.startsWith(PREFIX))
    report({ key, message: `is missing; it is required as soon as ${given} is set; -1 = what the brokers have by default` })
  }
  return parsed[key] ?? -1
}

const refuseOfDefault = (config: Properties, key: string, report: Report): void => {
  const value = config[key]?.trim()
  if (value === undefined || value === '' || (value === '.*' && key.endsWith('include'))) return
  report({ key, value, message: 'remove it: the default group is for all topics that no other group is for' })
}

const warnOfUnlisted = (key: string, aliases: readonly string[], warn: (message: string) => void): void => {
  if (Object.hasOwn(topicCreationKeys, key)) return
  if ([DEFAULT, ...aliases].some(alias => key.startsWith(`${PREFIX}${alias}.`))) return
  const [alias = ''] = key.slice(PREFIX.length).split('.')
  const why =
    key === `${PREFIX}enable` ? 'it belongs into the configuration of the worker' : `topic.creation.groups does not name ${alias}`
  warn(`${key} has no effect: ${why}${didYouMean(alias, aliases)}`)
}

const groupOf = (
  config: Properties,
  alias: string,
  otherwise: Group['topic'],
  report: Report,
  warn: (message: string) => void,
): Group => {
  const prefix = `${PREFIX}${alias}.`
  const below = propertiesBelow(config, prefix)
  const parsed = soundOf(groupKeys, below, problem => report({ ...problem, key: prefix + problem.key }))
  const include = patterns(parsed.include ?? [], `${prefix}include`, report)
  const exclude = patterns(parsed.exclude ?? [], `${prefix}exclude`, report)
  if (include.length === 0) warn(`topic.creation.groups names ${alias}, which is for no topic: set ${prefix}include`)
  return {
    alias,
    includes: name => include.some(pattern => pattern.test(name)) && !exclude.some(pattern => pattern.test(name)),
    topic: {
      partitions: parsed.partitions ?? otherwise.partitions,
      replicationFactor: parsed['replication.factor'] ?? otherwise.replicationFactor,
      configs: settingsOf(below),
    },
  }
}

const settingsOf = (below: Properties): Properties =>
  Object.fromEntries(Object.entries(below).filter(([key]) => !Object.hasOwn(groupKeys, key)))

const patterns = (sources: readonly string[], key: string, report: Report): readonly RegExp[] =>
  sources.flatMap(source => {
    try {
      return [javaRegExp(key, source).whole]
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      error.problems.forEach(report)
      return []
    }
  })
