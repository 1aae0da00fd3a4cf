import type { ConfigDefinition } from '../../../framework/api/config-definition.ts'
import { collectInto } from '../../../framework/config/findings.ts'
import type { Parsed } from '../../../framework/config/parse.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { toClientSettings } from './client-settings.ts'
import { clientProperties, entityLabel } from './clients.ts'
import { connectDefinition, mirrorDefinition } from './common-config.ts'

/** Every key of the MirrorHeartbeatConnector. */
export const heartbeatDefinition = {
  ...connectDefinition,
  ...mirrorDefinition,
  'emit.heartbeats.enabled': { type: 'boolean', default: 'true', doc: 'write heartbeats' },
  'emit.heartbeats.interval.seconds': { type: 'long', default: '1', doc: 'how often; negative = never' },
  'heartbeats.topic.replication.factor': {
    type: 'int',
    default: '3',
    min: -1,
    max: 32767,
    doc: "of the heartbeats topic; -1 = the brokers' default",
  },
} as const satisfies ConfigDefinition

export type HeartbeatConfig = Parsed<typeof heartbeatDefinition>

/**
 * Creates the heartbeats topic.
 * @throws ConfigError
 */
export function heartbeatAdmin(properties: Readonly<Record<string, string>>): ClientSettings {
  const own = clientProperties(properties, 'target', 'admin', entityLabel(properties), 'heartbeats-target-admin')
  return collectInto(report => toClientSettings(own, 'admin', report))
}

/** Whether a connector of this configuration has a task. */
export function emitsHeartbeats(config: HeartbeatConfig): boolean {
  return config['emit.heartbeats.enabled'] && config['emit.heartbeats.interval.seconds'] >= 0
}
