import type { ConfigDefinition } from '../../../framework/api/config-definition.ts'
import { connectDefinition, mirrorDefinition } from './common-config.ts'

/** Every key of the MirrorHeartbeatConnector. */
export const heartbeatDefinition = {
  ...connectDefinition,
  ...mirrorDefinition,
  'emit.heartbeats.enabled': { type: 'boolean', default: 'true', doc: 'write heartbeats' },
  'emit.heartbeats.interval.seconds': { type: 'long', default: '1', doc: 'how often' },
  'heartbeats.topic.replication.factor': { type: 'int', default: '3', min: -1, max: 32767, doc: 'of the heartbeats topic' },
} as const satisfies ConfigDefinition
