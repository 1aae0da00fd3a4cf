import { collectInto } from '../../../framework/config/findings.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { toClientSettings } from './client-settings.ts'
import { type ClientKind, type ClientRole, clientProperties, entityLabel, type Side } from './clients.ts'
import type { ReporterFor } from './source-clients.ts'

type Properties = Readonly<Record<string, string>>

/** Clients of the checkpoint connector and its task. */
export interface CheckpointClients {
  /** Looks at groups of the source and their offsets, and reads the offset map of the flow the other way. */
  readonly sourceAdmin: ClientSettings
  /** Sets offsets of groups of the target, reads the offset map. */
  readonly targetAdmin: ClientSettings
  /** Reads checkpoints written before. */
  readonly checkpoints: ClientSettings
  /** Reads the offset-syncs topic, on whichever cluster it lies. */
  readonly offsetSyncs: ClientSettings
}

/** @param properties of the connector, for a task with `task.index` */
export function tryCheckpointClients(properties: Properties, report: ReporterFor): CheckpointClients | undefined {
  const entity = entityLabel(properties, properties['task.index'] === undefined ? 'connector' : 'task')
  const settings = (side: Side, kind: ClientKind & ('admin' | 'consumer'), role: ClientRole): ClientSettings | undefined =>
    toClientSettings(clientProperties(properties, side, kind, entity, role), kind, report(side, kind))
  const syncsSide = properties['offset-syncs.topic.location']?.trim() === 'target' ? 'target' : 'source'
  const sourceAdmin = settings('source', 'admin', 'checkpoint-source-admin')
  const targetAdmin = settings('target', 'admin', 'checkpoint-target-admin')
  const checkpoints = settings('target', 'consumer', 'checkpoints-target-consumer')
  const offsetSyncs = settings(syncsSide, 'consumer', `offset-syncs-${syncsSide}-consumer`)
  return sourceAdmin && targetAdmin && checkpoints && offsetSyncs && { sourceAdmin, targetAdmin, checkpoints, offsetSyncs }
}

/** @throws ConfigError */
export function checkpointClients(properties: Properties): CheckpointClients {
  return collectInto(report => tryCheckpointClients(properties, () => report))
}
