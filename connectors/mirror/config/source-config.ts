import type { ConfigDefinition } from '../../../framework/api/config-definition.ts'
import type { ConfigProblem } from '../../../framework/api/connect-error.ts'
import { type Parsed, parseConfig, tryParseConfig } from '../../../framework/config/parse.ts'
import { DEFAULT_CONFIG_PROPERTIES_EXCLUDE, DEFAULT_TOPICS, DEFAULT_TOPICS_EXCLUDE } from '../../../policies/index.ts'
import { connectDefinition, mirrorDefinition, topicFilterDefinition } from './common-config.ts'
import { patterns } from './patterns.ts'

const seconds = { type: 'long', default: '600' } as const

/** Every key of the MirrorSourceConnector. */
export const sourceDefinition = {
  ...connectDefinition,
  ...mirrorDefinition,
  ...topicFilterDefinition,
  topics: {
    type: 'list',
    default: DEFAULT_TOPICS,
    validate: patterns,
    doc: 'names and Java regular expressions of the topics to copy',
  },
  'topics.exclude': {
    type: 'list',
    default: DEFAULT_TOPICS_EXCLUDE,
    validate: patterns,
    doc: 'topics left out; wins over topics',
  },
  'config.properties.exclude': {
    type: 'list',
    default: DEFAULT_CONFIG_PROPERTIES_EXCLUDE,
    validate: patterns,
    doc: 'topic settings not kept in step',
  },
  'config.property.filter.class': {
    type: 'class',
    default: 'org.apache.kafka.connect.mirror.DefaultConfigPropertyFilter',
    doc: 'chooses topic settings',
  },
  'use.defaults.from': {
    type: 'string',
    default: 'target',
    doc: 'source = settings left at their default on the source are set on the target too',
  },
  'refresh.topics.enabled': { type: 'boolean', default: 'true', doc: 'look for new topics and partitions' },
  'refresh.topics.interval.seconds': { ...seconds, doc: 'how often' },
  'sync.topic.configs.enabled': { type: 'boolean', default: 'true', doc: 'keep topic settings in step' },
  'sync.topic.configs.interval.seconds': { ...seconds, doc: 'how often' },
  'sync.topic.acls.enabled': { type: 'boolean', default: 'true', doc: 'copy access rules of topics' },
  'sync.topic.acls.interval.seconds': { ...seconds, doc: 'how often' },
  'replication.factor': {
    type: 'int',
    default: '2',
    min: -1,
    max: 32767,
    doc: "of new topics on the target; -1 = the brokers' default",
  },
  'offset-syncs.topic.replication.factor': { type: 'int', default: '3', min: -1, max: 32767, doc: 'of the offset-syncs topic' },
  'offset.lag.max': {
    type: 'long',
    default: '100',
    min: 0,
    doc: 'how stale a translated offset may be, in records, before a pair is stored',
  },
  'emit.offset-syncs.enabled': { type: 'boolean', default: 'true', doc: 'store pairs of offsets, for checkpoints' },
  'heartbeats.replication.enabled': { type: 'boolean', default: 'true', doc: 'copy heartbeats topics whatever the filter says' },
  'isthmus.source.gap': {
    type: 'string',
    default: 'continue',
    oneOf: ['continue', 'fail'],
    doc: 'when the source no longer has the next records: count them and go on, or stop that partition',
  },
  'isthmus.source.gap.notice.ms': {
    type: 'long',
    default: '60000',
    min: 1000,
    doc: 'how long a partition that lost records at the source, or whose topic was created again, is shown to have trouble; it is counted for ever',
  },
  'isthmus.window.bytes': {
    type: 'long',
    default: '16777216',
    min: 1048576,
    doc: 'bytes per task that were fetched and are not yet acknowledged, at most',
  },
  'isthmus.fetch.max.bytes': { type: 'int', default: '4194304', min: 1024, doc: 'bytes of one answer of a source broker, about' },
} as const satisfies ConfigDefinition

/** What a task knows besides. */
export const sourceTaskDefinition = {
  ...sourceDefinition,
  'task.assigned.partitions': { type: 'list', default: null, doc: 'topic-partition, comma separated' },
  'task.index': { type: 'int', default: null, doc: 'number of the task, from 0' },
} as const satisfies ConfigDefinition

export type SourceConfig = Parsed<typeof sourceDefinition>
export type SourceTaskConfig = Parsed<typeof sourceTaskDefinition>

/** @throws ConfigError */
export function parseSourceTaskConfig(properties: Readonly<Record<string, string>>): SourceTaskConfig {
  return parseConfig(sourceTaskDefinition, properties)
}

/** Every rule there is about a source connector's configuration; undefined if one is broken. */
export function tryParseSourceConfig(
  properties: Readonly<Record<string, string>>,
  report: (problem: ConfigProblem) => void,
): SourceConfig | undefined {
  const emit = properties['emit.offset-syncs.enabled']
  const syncKeys = Object.keys(properties).filter(key => /^offset-syncs(-|\.topic\.)/.test(key))
  const contradiction = emit === 'false' && syncKeys.length > 0
  if (contradiction) {
    const message = `no offset syncs are stored, yet ${syncKeys.join(', ')} is set; remove one or the other`
    report({ key: 'emit.offset-syncs.enabled', value: emit, message })
  }
  const parsed = tryParseConfig(sourceDefinition, properties, report)
  return contradiction ? undefined : parsed
}

/** Where the offset-syncs topic lies and which alias is in its name: that of the other cluster. */
export function offsetSyncsCluster(
  config: Pick<SourceConfig, 'offset-syncs.topic.location' | 'source.cluster.alias' | 'target.cluster.alias'>,
): { readonly side: 'source' | 'target'; readonly aliasInName: string } {
  return config['offset-syncs.topic.location'] === 'target'
    ? { side: 'target', aliasInName: config['source.cluster.alias'] }
    : { side: 'source', aliasInName: config['target.cluster.alias'] }
}
