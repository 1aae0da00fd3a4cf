import { traceKeys } from '../../telemetry/index.ts'
import type { LeafKeys } from '../convict-keys.ts'

const milliseconds = { type: 'long', min: 0 } as const

/** What a Connect worker understands, besides converters, clients' settings and `config.providers`. */
export const connectWorkerKeys = {
  bootstrapServers: {
    kafka: 'bootstrap.servers',
    type: 'string',
    default: 'localhost:9092',
    doc: 'brokers of the Kafka cluster, as host:port',
  },
  keyConverter: {
    kafka: 'key.converter',
    type: 'class',
    default: '',
    doc: 'what turns keys into bytes and back, where a connector does not say so itself',
  },
  valueConverter: {
    kafka: 'value.converter',
    type: 'class',
    default: '',
    doc: 'what turns values into bytes and back, where a connector does not say so itself',
  },
  offsetFile: {
    kafka: 'offset.storage.file.filename',
    type: 'string',
    default: '',
    doc: 'the file that offsets of sources are kept in; either this or offset.storage.topic',
  },
  offsetTopic: {
    kafka: 'offset.storage.topic',
    type: 'string',
    default: '',
    doc: 'the compacted topic that offsets of sources are kept in, created if it is missing: what a worker elsewhere can go on from',
  },
  offsetReplicationFactor: {
    kafka: 'offset.storage.replication.factor',
    type: 'int',
    default: '3',
    min: -1,
    max: 32767,
    doc: '-1 = what the brokers have; other keys with the prefix offset.storage. become settings of the topic when it is created',
  },
  offsetPartitions: {
    kafka: 'offset.storage.partitions',
    type: 'int',
    default: '25',
    min: -1,
    doc: 'partitions of the topic of offsets',
  },
  offsetFlushIntervalMs: {
    kafka: 'offset.flush.interval.ms',
    ...milliseconds,
    min: 1,
    default: '1000',
    doc: 'how often offsets are stored: after a crash at most what came since is sent again (Kafka Connect: 60000)',
  },
  offsetFlushTimeoutMs: {
    kafka: 'offset.flush.timeout.ms',
    ...milliseconds,
    min: 1,
    default: '5000',
    doc: 'how long storing them may take',
  },
  taskShutdownGracefulTimeoutMs: {
    kafka: 'task.shutdown.graceful.timeout.ms',
    ...milliseconds,
    default: '5000',
    doc: 'how long all tasks together may take to finish what they began',
  },
  topicCreationEnable: {
    kafka: 'topic.creation.enable',
    type: 'boolean',
    default: 'true',
    doc: 'whether topics are created as topic.creation.* of a source says',
  },
  overridePolicy: {
    kafka: 'connector.client.config.override.policy',
    type: 'string',
    default: 'All',
    oneOf: ['All', 'None', 'Principal'],
    doc: 'which client settings a connector may say itself: All, None, or what concerns its Principal only',
  },
  traceRatio: { kafka: 'isthmus.trace.ratio', ...traceKeys['isthmus.trace.ratio'] },
  traceSlowMs: { kafka: 'isthmus.trace.slow.ms', ...traceKeys['isthmus.trace.slow.ms'] },
  traceLinks: { kafka: 'isthmus.trace.links', ...traceKeys['isthmus.trace.links'] },
  pluginPath: {
    kafka: 'plugin.path',
    type: 'list',
    default: '',
    doc: "folders in which modules and packages of connectors are looked for, after the worker file's own",
  },
} as const satisfies LeafKeys

const DISTRIBUTED = 'concerns workers that share connectors, which this one does not'
const SCANNING = 'nothing is scanned: a class is named by the module that has it'
const METRICS = 'metrics leave through OpenTelemetry'
const NO_REST = 'this worker has no REST interface'

/** Keys of Kafka Connect's workers that are accepted and change nothing, and why. */
export const connectKeysWithoutEffect: Readonly<Record<string, string>> = {
  'plugin.discovery': SCANNING,
  'group.id': DISTRIBUTED,
  'config.storage.topic': DISTRIBUTED,
  'config.storage.replication.factor': DISTRIBUTED,
  'status.storage.topic': DISTRIBUTED,
  'status.storage.replication.factor': DISTRIBUTED,
  'status.storage.partitions': DISTRIBUTED,
  'session.timeout.ms': DISTRIBUTED,
  'heartbeat.interval.ms': DISTRIBUTED,
  'rebalance.timeout.ms': DISTRIBUTED,
  'worker.sync.timeout.ms': DISTRIBUTED,
  'worker.unsync.backoff.ms': DISTRIBUTED,
  'connect.protocol': DISTRIBUTED,
  'scheduled.rebalance.max.delay.ms': DISTRIBUTED,
  'inter.worker.key.generation.algorithm': DISTRIBUTED,
  'inter.worker.key.size': DISTRIBUTED,
  'inter.worker.key.ttl.ms': DISTRIBUTED,
  'inter.worker.signature.algorithm': DISTRIBUTED,
  'inter.worker.verification.algorithms': DISTRIBUTED,
  'exactly.once.source.support': 'delivery of sources is at least once here',
  'topic.tracking.enable': NO_REST,
  'topic.tracking.allow.reset': NO_REST,
  listeners: NO_REST,
  'admin.listeners': NO_REST,
  'rest.advertised.host.name': NO_REST,
  'rest.advertised.port': NO_REST,
  'rest.advertised.listener': NO_REST,
  'rest.extension.classes': NO_REST,
  'access.control.allow.origin': NO_REST,
  'access.control.allow.methods': NO_REST,
  'response.http.headers.config': NO_REST,
  'internal.key.converter': 'offsets are always JSON',
  'internal.value.converter': 'offsets are always JSON',
  'metric.reporters': METRICS,
  'metrics.recording.level': METRICS,
  'metrics.sample.window.ms': METRICS,
  'metrics.num.samples': METRICS,
  'client.dns.lookup': 'every address of a name is tried',
  'connections.max.idle.ms': 'connections are kept while they are needed',
  'reconnect.backoff.ms': 'retry.backoff.ms paces reconnecting too',
  'reconnect.backoff.max.ms': 'retry.backoff.max.ms paces reconnecting too',
  'send.buffer.bytes': 'sockets are tuned by the operating system',
  'receive.buffer.bytes': 'sockets are tuned by the operating system',
}

/** Prefixes below which a worker's keys belong to something else, which looks at them itself. */
export const connectPrefixes: readonly string[] = [
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'config.providers.',
  'producer.',
  'consumer.',
  'admin.',
  'ssl.',
  'sasl.',
  'security.',
  'metrics.context.',
  'listeners.https.',
  'admin.listeners.https.',
  'offset.storage.',
  'config.storage.',
  'status.storage.',
]
