import type { ConfigKey } from '../api/config-definition.ts'

interface WorkerKey extends ConfigKey {
  /** The key as files know it. */
  readonly kafka: string
}

const topicSettings = (what: string): string =>
  `other keys with this prefix become settings of the ${what} topic when it is created`

/** A worker's own settings: one leaf each, as convict cannot have `a.b` beside `a.b.c`. */
export const workerKeys = {
  groupId: { kafka: 'group.id', type: 'string', doc: 'the group the workers meet in' },
  clientId: { kafka: 'client.id', type: 'string', default: '', doc: 'name of the worker towards brokers' },
  offsetFlushIntervalMs: {
    kafka: 'offset.flush.interval.ms',
    type: 'long',
    default: '1000',
    min: 1,
    doc: 'how often source offsets are stored: after a crash at most what arrived since is sent again (Kafka Connect: 60000)',
  },
  offsetFlushTimeoutMs: {
    kafka: 'offset.flush.timeout.ms',
    type: 'long',
    default: '5000',
    min: 1,
    doc: 'how long storing them may take',
  },
  taskShutdownGracefulTimeoutMs: {
    kafka: 'task.shutdown.graceful.timeout.ms',
    type: 'long',
    default: '5000',
    min: 0,
    doc: 'how long all tasks together may take to finish what they began',
  },
  sessionTimeoutMs: {
    kafka: 'session.timeout.ms',
    type: 'int',
    default: '10000',
    min: 1,
    doc: 'a worker not heard of for this long is taken for dead',
  },
  heartbeatIntervalMs: {
    kafka: 'heartbeat.interval.ms',
    type: 'int',
    default: '3000',
    min: 1,
    doc: 'how often a worker says it is alive',
  },
  rebalanceTimeoutMs: {
    kafka: 'rebalance.timeout.ms',
    type: 'int',
    default: '60000',
    min: 1,
    doc: 'how long a worker may take to join again when the group changes',
  },
  offsetStorageTopic: { kafka: 'offset.storage.topic', type: 'string', doc: 'topic of the source offsets' },
  offsetStorageReplicationFactor: {
    kafka: 'offset.storage.replication.factor',
    type: 'int',
    default: '3',
    min: -1,
    max: 32767,
    doc: `-1 = the brokers' default; ${topicSettings('offset')}`,
  },
  offsetStoragePartitions: {
    kafka: 'offset.storage.partitions',
    type: 'int',
    default: '25',
    min: -1,
    doc: 'partitions of the offset topic',
  },
  configStorageTopic: {
    kafka: 'config.storage.topic',
    type: 'string',
    doc: 'topic of the connector configurations; always one partition',
  },
  configStorageReplicationFactor: {
    kafka: 'config.storage.replication.factor',
    type: 'int',
    default: '3',
    min: -1,
    max: 32767,
    doc: `-1 = the brokers' default; ${topicSettings('config')}`,
  },
  statusStorageTopic: { kafka: 'status.storage.topic', type: 'string', doc: 'topic of the states of connectors and tasks' },
  statusStorageReplicationFactor: {
    kafka: 'status.storage.replication.factor',
    type: 'int',
    default: '3',
    min: -1,
    max: 32767,
    doc: `-1 = the brokers' default; ${topicSettings('status')}`,
  },
  statusStoragePartitions: {
    kafka: 'status.storage.partitions',
    type: 'int',
    default: '5',
    min: -1,
    doc: 'partitions of the status topic',
  },
} as const satisfies Readonly<Record<string, WorkerKey>>

const OFF = 'has no effect here'

/** Keys of Kafka Connect's worker that are accepted and change nothing, with what to know about each. */
export const workerKeysWithoutEffect: Readonly<Record<string, string>> = {
  'exactly.once.source.support':
    'delivery is at least once here: after a crash the records since the last stored offset arrive twice',
  'key.converter': `${OFF}: records are copied as bytes`,
  'value.converter': `${OFF}: records are copied as bytes`,
  'header.converter': `${OFF}: records are copied as bytes`,
  'plugin.path': `${OFF}: plugins are JavaScript modules, named by the class keys`,
  'plugin.discovery': `${OFF}: plugins are JavaScript modules, named by the class keys`,
  'connect.protocol': `${OFF}: one process of a group works, the others stand by`,
  'scheduled.rebalance.max.delay.ms': `${OFF}: one process of a group works, the others stand by`,
  'worker.sync.timeout.ms': `${OFF}: one process of a group works, the others stand by`,
  'worker.unsync.backoff.ms': `${OFF}: one process of a group works, the others stand by`,
  'connector.client.config.override.policy': `${OFF}: producer.override.* is always allowed`,
  'topic.creation.enable': `${OFF}: the mirror creates the topics it writes to`,
  'topic.tracking.enable': OFF,
  'topic.tracking.allow.reset': OFF,
  'metric.reporters': `${OFF}: metrics leave through OpenTelemetry`,
  'metrics.recording.level': `${OFF}: metrics leave through OpenTelemetry`,
  'metrics.sample.window.ms': `${OFF}: metrics leave through OpenTelemetry`,
  'metrics.num.samples': `${OFF}: metrics leave through OpenTelemetry`,
  'dedicated.mode.enable.internal.rest': `${OFF}: workers need not talk to each other`,
  listeners: `${OFF}: workers need not talk to each other`,
  'admin.listeners': `${OFF}: workers need not talk to each other`,
  'rest.advertised.host.name': `${OFF}: workers need not talk to each other`,
  'rest.advertised.port': `${OFF}: workers need not talk to each other`,
  'rest.advertised.listener': `${OFF}: workers need not talk to each other`,
  'rest.extension.classes': `${OFF}: workers need not talk to each other`,
  'access.control.allow.origin': `${OFF}: workers need not talk to each other`,
  'access.control.allow.methods': `${OFF}: workers need not talk to each other`,
  'response.http.headers.config': `${OFF}: workers need not talk to each other`,
  'ssl.client.auth': `${OFF}: workers need not talk to each other`,
  'inter.worker.key.generation.algorithm': `${OFF}: workers need not talk to each other`,
  'inter.worker.key.size': `${OFF}: workers need not talk to each other`,
  'inter.worker.key.ttl.ms': `${OFF}: workers need not talk to each other`,
  'inter.worker.signature.algorithm': `${OFF}: workers need not talk to each other`,
  'inter.worker.verification.algorithms': `${OFF}: workers need not talk to each other`,
}
