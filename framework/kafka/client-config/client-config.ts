import type { ConfigDefinition } from '../../api/config-definition.ts'
import type { Reporter } from '../../config/findings.ts'
import { tryParseConfig } from '../../config/parse.ts'
import type { ClientSettings } from '../client-settings.ts'
import { parseServers } from './bootstrap-servers.ts'
import { parseSecurity } from './security.ts'

const ms = { type: 'long', min: 0 } as const

/** Besides `security.protocol`, `ssl.*` and `sasl.*`. */
export const connectionKeys = {
  'bootstrap.servers': { type: 'string', default: '', doc: 'first brokers to ask, as host:port' },
  'client.id': { type: 'string', default: '', doc: 'name towards brokers' },
  'socket.connection.setup.timeout.ms': { ...ms, min: 1, default: '10000', doc: 'how long a connection may take to be set up' },
  'request.timeout.ms': { ...ms, min: 1, default: '30000', doc: 'how long one answer may take' },
  'metadata.max.age.ms': { ...ms, default: '300000', doc: 'how often leaders are looked up unasked' },
  'retry.backoff.ms': { ...ms, default: '100', doc: 'first wait after a failure' },
  'retry.backoff.max.ms': { ...ms, default: '1000', doc: 'longest wait after failures' },
  'client.rack': { type: 'string', default: '', doc: 'a nearer replica may be read' },
} as const satisfies ConfigDefinition

/** Reads how to connect out of a Kafka client's properties, under Kafka's names; undefined after a problem. */
export function parseClientConfig(properties: Readonly<Record<string, string>>, report: Reporter): ClientSettings | undefined {
  const parsed = tryParseConfig(connectionKeys, properties, ({ key, value, message }) => report.problem(key, value, message))
  const servers = parseServers(properties['bootstrap.servers'], report)
  const security = parseSecurity(properties, report)
  if (parsed === undefined || servers === undefined || security === undefined) return undefined
  return {
    bootstrapServers: servers,
    clientId: parsed['client.id'],
    ...security,
    connectionTimeoutMs: parsed['socket.connection.setup.timeout.ms'],
    requestTimeoutMs: parsed['request.timeout.ms'],
    metadataMaxAgeMs: parsed['metadata.max.age.ms'],
    retryBackoffMs: parsed['retry.backoff.ms'],
    retryBackoffMaxMs: Math.max(parsed['retry.backoff.max.ms'], parsed['retry.backoff.ms']),
    ...(parsed['client.rack'] === '' ? {} : { rack: parsed['client.rack'] }),
  }
}
