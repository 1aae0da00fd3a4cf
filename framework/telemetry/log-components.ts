import type { Logger } from '../api/index.ts'

/** The parts that log, whose levels are set one by one: a name counts for all below it, unless they have their own. Stable. */
export const LOG_COMPONENTS = {
  root: 'all below, and what a program logs with a logger of its own',
  isthmus: 'all of Isthmus but what connectors log themselves',
  'isthmus.cli': 'commands: files read and what is odd in them, signals, progress',
  'isthmus.kafka': 'clients of Kafka: connections, reading, writing, groups, topics as tables',
  'isthmus.kafka.kafkajs': 'what kafkajs says of itself, in a `FailoverConsumer`',
  'isthmus.mirror': 'all of a mirror',
  'isthmus.mirror.checkpoint': 'checkpoints, translation of offsets, groups of the target',
  'isthmus.mirror.failover': '`isthmus offsets`, `failover` and `failback`, and `FailoverConsumer`',
  'isthmus.mirror.flow': 'states of flows, and who is the active one of a group',
  'isthmus.mirror.heartbeat': 'heartbeats',
  'isthmus.mirror.source': 'copying: topics and their settings, losses, offset syncs and the offset map',
  'isthmus.rest': 'the HTTP server, and levels set by it',
  'isthmus.runtime': 'workers, connectors and their files: started, restarted, failed, odd settings',
  'isthmus.runtime.task': 'tasks: retries, failed partitions, records passed over, commits of offsets',
  'isthmus.telemetry': 'the export of traces and metrics',
  connector: 'what connectors, converters and transforms log themselves; `connector.<name>` is one of them',
} as const satisfies Readonly<Record<string, string>>

export type LogComponent = keyof typeof LOG_COMPONENTS | `connector.${string}`

/** A logger that can be told of which component it is. Those of host programs need not be. */
export interface ComponentLogger extends Logger {
  inComponent(component: LogComponent): Logger
}

/** The same logger, of a component; a logger that knows nothing of components as it is. */
export function inComponent(logger: Logger, component: LogComponent): Logger {
  return 'inComponent' in logger ? (logger as ComponentLogger).inComponent(component) : logger
}

/** Not below `isthmus`, nor another's: what follows a connector's name may be anything. */
export function connectorComponent(name: string): LogComponent {
  return `connector.${name}`
}

export function isLogComponent(name: string): name is LogComponent {
  return Object.hasOwn(LOG_COMPONENTS, name) || (name.startsWith('connector.') && name.length > 'connector.'.length)
}
