import { collectInto, type Reporter } from '../../../framework/config/findings.ts'
import type { ClientSettings } from '../../../framework/kafka/client-settings.ts'
import { CODEC_NAMES, type Codec } from '../../../framework/kafka/record-batch/index.ts'
import {
  type ConsumerSettings,
  type ProducerSettings,
  toClientSettings,
  toConsumerSettings,
  toProducerSettings,
} from './client-settings.ts'
import { clientProperties, dataProducerProperties, entityLabel, type Side } from './clients.ts'

type Properties = Readonly<Record<string, string>>

/** Clients of the source connector. */
export interface SourceConnectorClients {
  readonly sourceAdmin: ClientSettings
  readonly targetAdmin: ClientSettings
  /** Creates the offset-syncs topic, on whichever cluster it lies. */
  readonly offsetSyncsAdmin: ClientSettings
}

/** Clients of one source task, besides the producer of records, which is the worker's. */
export interface SourceTaskClients {
  readonly consumer: ConsumerSettings
  readonly offsetSyncsProducer: ProducerSettings
  /** Reads and writes the exact offset map, on the target. */
  readonly offsetMap: ClientSettings
}

/** How findings of a client's settings are named: by side, or per client. */
export type ReporterFor = (side: Side, kind: 'consumer' | 'producer' | 'admin') => Reporter

export function trySourceConnectorClients(properties: Properties, report: ReporterFor): SourceConnectorClients | undefined {
  const admin = (side: Side, role: string): ClientSettings | undefined =>
    toClientSettings(clientProperties(properties, side, 'admin', entityLabel(properties), role), 'admin', report(side, 'admin'))
  const sourceAdmin = admin('source', 'replication-source-admin')
  const targetAdmin = admin('target', 'replication-target-admin')
  const side = offsetSyncsSide(properties)
  const offsetSyncsAdmin = admin(side, `offset-syncs-${side}-admin`)
  return sourceAdmin && targetAdmin && offsetSyncsAdmin && { sourceAdmin, targetAdmin, offsetSyncsAdmin }
}

/** @param properties of the task, `task.index` included */
export function trySourceTaskClients(properties: Properties, report: ReporterFor): SourceTaskClients | undefined {
  const entity = entityLabel(properties, 'task')
  const fetchMaxBytes = properties['isthmus.fetch.max.bytes']?.trim()
  const limit = fetchMaxBytes !== undefined && /^\d+$/.test(fetchMaxBytes) ? Number(fetchMaxBytes) : undefined
  const consumer = toConsumerSettings(
    clientProperties(properties, 'source', 'consumer', entity, 'replication-consumer'),
    report('source', 'consumer'),
    limit,
  )
  const side = offsetSyncsSide(properties)
  const producer = clientProperties(properties, side, 'producer', entity, `offset-syncs-${side}-producer`)
  const offsetSyncsProducer = toProducerSettings(producer, report(side, 'producer'))
  const admin = clientProperties(properties, 'target', 'admin', entity, 'offset-map-target-admin')
  const offsetMap = toClientSettings(admin, 'admin', report('target', 'admin'))
  return consumer && offsetSyncsProducer && offsetMap && { consumer, offsetSyncsProducer, offsetMap }
}

/** @throws ConfigError */
export function sourceConnectorClients(properties: Properties): SourceConnectorClients {
  return collectInto(report => trySourceConnectorClients(properties, () => report))
}

/** @throws ConfigError */
export function sourceTaskClients(properties: Properties): SourceTaskClients {
  return collectInto(report => trySourceTaskClients(properties, () => report))
}

/**
 * The producer of records.
 * @param worker the worker's properties
 * @param connector the connector's
 * @throws ConfigError
 */
export function dataProducerSettings(worker: Properties, connector: Properties, taskIndex: number): ProducerSettings {
  return collectInto(report => toProducerSettings(dataProducerProperties(worker, connector, taskIndex), report))
}

function offsetSyncsSide(properties: Properties): Side {
  return properties['offset-syncs.topic.location']?.trim() === 'target' ? 'target' : 'source'
}

/** How batches that were made anew are compressed: `compression.type` of the producer that writes the records. */
export function dataCodec(worker: Properties, connector: Properties): Codec {
  const name = dataProducerProperties(worker, connector, 0)['compression.type']?.trim()
  return CODEC_NAMES.find(codec => codec === name) ?? 'none'
}
