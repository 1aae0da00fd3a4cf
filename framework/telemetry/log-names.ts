import type { LogLevel } from '../api/log-level.ts'
import { isLogComponent, type LogComponent } from './log-components.ts'

/** Packages and classes of Java whose levels operators know how to set, and what does the same here. The longest that fits counts. */
const JAVA_LOGGERS: Readonly<Record<string, LogComponent>> = {
  'org.apache.kafka': 'isthmus',
  'org.apache.kafka.clients': 'isthmus.kafka',
  'org.apache.kafka.connect': 'isthmus',
  'org.apache.kafka.connect.cli': 'isthmus.cli',
  'org.apache.kafka.connect.mirror': 'isthmus.mirror',
  'org.apache.kafka.connect.mirror.MirrorCheckpointConnector': 'isthmus.mirror.checkpoint',
  'org.apache.kafka.connect.mirror.MirrorCheckpointTask': 'isthmus.mirror.checkpoint',
  'org.apache.kafka.connect.mirror.MirrorHeartbeatConnector': 'isthmus.mirror.heartbeat',
  'org.apache.kafka.connect.mirror.MirrorHeartbeatTask': 'isthmus.mirror.heartbeat',
  'org.apache.kafka.connect.mirror.MirrorMaker': 'isthmus.mirror.flow',
  'org.apache.kafka.connect.mirror.MirrorSourceConnector': 'isthmus.mirror.source',
  'org.apache.kafka.connect.mirror.MirrorSourceTask': 'isthmus.mirror.source',
  'org.apache.kafka.connect.mirror.OffsetSyncStore': 'isthmus.mirror.checkpoint',
  'org.apache.kafka.connect.mirror.OffsetSyncWriter': 'isthmus.mirror.source',
  'org.apache.kafka.connect.mirror.Scheduler': 'isthmus.mirror',
  'org.apache.kafka.connect.runtime': 'isthmus.runtime',
  'org.apache.kafka.connect.runtime.AbstractWorkerSourceTask': 'isthmus.runtime.task',
  'org.apache.kafka.connect.runtime.WorkerSinkTask': 'isthmus.runtime.task',
  'org.apache.kafka.connect.runtime.WorkerSourceTask': 'isthmus.runtime.task',
  'org.apache.kafka.connect.runtime.WorkerTask': 'isthmus.runtime.task',
  'org.apache.kafka.connect.runtime.errors': 'isthmus.runtime.task',
  'org.apache.kafka.connect.runtime.rest': 'isthmus.rest',
}

/** The component of a name, also of a logger of Java; undefined for what is none. */
export function componentNamed(name: string): LogComponent | undefined {
  if (name.toLowerCase() === 'root') return 'root'
  if (isLogComponent(name)) return name
  for (let prefix = name; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')))) {
    if (Object.hasOwn(JAVA_LOGGERS, prefix)) return JAVA_LOGGERS[prefix]
  }
  return undefined
}

const LEVELS: ReadonlyMap<string, LogLevel> = new Map<string, LogLevel>([
  ['trace', 'trace'],
  ['all', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
  ['fatal', 'error'],
  ['off', 'silent'],
  ['silent', 'silent'],
])

/** A level as we or Java call it, in whatever case; undefined for what is none. */
export function levelNamed(text: string): LogLevel | undefined {
  return LEVELS.get(text.trim().toLowerCase())
}

/** As Kafka Connect writes it. */
export function connectLevel(level: LogLevel): string {
  return level === 'silent' ? 'OFF' : level.toUpperCase()
}
