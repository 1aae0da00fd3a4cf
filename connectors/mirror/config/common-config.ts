import type { ConfigDefinition } from '../../../framework/api/config-definition.ts'
import { traceKeys } from '../../../framework/telemetry/index.ts'

/** What Kafka Connect knows about every connector. */
export const connectDefinition = {
  name: { type: 'string', doc: 'name of the connector, also part of client ids and of stored offsets' },
  'connector.class': { type: 'class', default: null, doc: 'class of the connector; none where a program gives it itself' },
  'tasks.max': { type: 'int', default: '1', min: 1, doc: 'at most this many tasks' },
  'tasks.max.enforce': { type: 'boolean', default: 'true', doc: 'has no effect: more tasks are never run' },
  'key.converter': {
    type: 'class',
    default: null,
    doc: 'has no effect without transforms, which are given bytes unless it says otherwise',
  },
  'value.converter': {
    type: 'class',
    default: null,
    doc: 'has no effect without transforms, which are given bytes unless it says otherwise',
  },
  'header.converter': {
    type: 'class',
    default: null,
    doc: 'has no effect without transforms, which are given bytes unless it says otherwise',
  },
  transforms: { type: 'list', default: '', doc: 'names of the transformations, in order' },
  predicates: { type: 'list', default: '', doc: 'names of the predicates of transformations' },
  'config.action.reload': {
    type: 'string',
    default: 'restart',
    oneOf: ['restart', 'none'],
    doc: 'has no effect: variables are resolved at the start',
  },
  'errors.retry.timeout': {
    type: 'long',
    default: '0',
    min: -1,
    doc: 'ms for which a failed record is tried again; -1 = for ever',
  },
  'errors.retry.delay.max.ms': { type: 'long', default: '60000', min: 0, doc: 'longest wait between two tries' },
  'errors.tolerance': { type: 'string', default: 'none', oneOf: ['none', 'all'], doc: 'all = a record that fails is left out' },
  'errors.log.enable': { type: 'boolean', default: 'false', doc: 'log each failed record' },
  'errors.log.include.messages': { type: 'boolean', default: 'false', doc: 'with topic, partition and offset' },
} as const satisfies ConfigDefinition

const PACKAGE = 'org.apache.kafka.connect.mirror'

/** What the three connectors of the mirror have in common. */
export const mirrorDefinition = {
  enabled: { type: 'boolean', default: 'true', doc: 'copy from the source to the target (false unless given, in a mirror file)' },
  'source.cluster.alias': { type: 'string', doc: 'alias of the cluster to read from' },
  'target.cluster.alias': { type: 'string', default: 'target', doc: 'alias of the cluster to write to' },
  'admin.timeout.ms': { type: 'long', default: '60000', min: 1, doc: 'how long one administrative job may take' },
  'replication.policy.class': { type: 'class', default: `${PACKAGE}.DefaultReplicationPolicy`, doc: 'names remote topics' },
  'replication.policy.separator': { type: 'string', default: '.', doc: 'between alias and topic' },
  'replication.policy.internal.topic.separator.enabled': {
    type: 'boolean',
    default: 'true',
    doc: 'names of checkpoints and offset-syncs topics use the separator too',
  },
  'forwarding.admin.class': {
    type: 'class',
    default: 'org.apache.kafka.clients.admin.ForwardingAdmin',
    doc: 'has no effect: topics are created by the built-in administration',
  },
  'metric.reporters': {
    type: 'list',
    default: 'org.apache.kafka.common.metrics.JmxReporter',
    doc: 'has no effect: metrics leave through OpenTelemetry',
  },
  ...traceKeys,
} as const satisfies ConfigDefinition

export const topicFilterDefinition = {
  'topic.filter.class': { type: 'class', default: `${PACKAGE}.DefaultTopicFilter`, doc: 'chooses topics' },
  'consumer.poll.timeout.ms': { type: 'long', default: '1000', min: 0, doc: 'has no effect: see fetch.max.wait.ms' },
  'offset-syncs.topic.location': {
    type: 'string',
    default: 'source',
    oneOf: ['source', 'target'],
    doc: 'cluster that holds the offset-syncs topic; the same for source and checkpoint connector',
  },
} as const satisfies ConfigDefinition
