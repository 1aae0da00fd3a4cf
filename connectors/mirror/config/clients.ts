import { CLIENT_CONFIG_NAMES } from './client-config-names.ts'

type Properties = Readonly<Record<string, string>>

export type Side = 'source' | 'target'
export type ClientKind = 'consumer' | 'producer' | 'admin'

/** What a client does; ends its client id. */
export type ClientRole =
  | `replication-${Side}-admin`
  | 'replication-consumer'
  | `offset-syncs-${Side}-${ClientKind}`
  | 'offset-map-target-admin'
  | `checkpoint-${Side}-admin`
  | 'checkpoints-target-consumer'
  | 'heartbeats-target-admin'

/**
 * Settings of one client of a connector or task, under Kafka's names: the cluster's connection and security settings, then `consumer.*`
 * (or producer, admin), then `source.consumer.*`.
 *
 * @param properties the connector's or task's configuration
 * @param entity `entityLabel(…)`
 */
export function clientProperties(
  properties: Properties,
  side: Side,
  kind: ClientKind,
  entity: string,
  role: string | null,
): Properties {
  const cluster = stripped(properties, `${side}.cluster.`)
  const props: Record<string, string> = {
    ...Object.fromEntries(Object.entries(cluster).filter(([key]) => CLIENT_CONFIG_NAMES.includes(key))),
    ...stripped(properties, `${kind}.`),
    ...stripped(properties, `${side}.${kind}.`),
  }
  if (kind === 'consumer') {
    props['enable.auto.commit'] = 'false'
    props['auto.offset.reset'] ??= 'earliest'
  }
  const own = props['client.id']
  props['client.id'] = [...(own === undefined ? [] : [own]), entity, ...(role === null ? [] : [role])].join('|')
  return props
}

/** `A->B|MirrorSourceConnector`, for a task with its number. */
export function entityLabel(properties: Properties, kind: 'connector' | 'task' = 'connector'): string {
  const label = `${properties['source.cluster.alias']}->${properties['target.cluster.alias'] ?? 'target'}|${properties.name}`
  return kind === 'task' ? `${label}-${properties['task.index'] ?? '?'}` : label
}

/**
 * Settings of the producer that writes the records: Kafka Connect's for source tasks, then the worker's `producer.*`, then the connector's
 * `producer.override.*`. The connection is the worker's. `A->B.producer.*` does not reach it, as in MirrorMaker 2.
 */
export function dataProducerProperties(worker: Properties, connector: Properties, taskIndex: number): Properties {
  return {
    'bootstrap.servers': worker['bootstrap.servers'] ?? '',
    'client.id': `connector-producer-${connector.name}-${taskIndex}`,
    acks: 'all',
    ...stripped(worker, 'producer.'),
    ...stripped(connector, 'producer.override.'),
  }
}

/** Settings of the worker's own clients: group membership and the storage topics. */
export function workerClientProperties(worker: Properties): Properties {
  const prefixed = /^(producer|consumer|admin)\./
  return Object.fromEntries(Object.entries(worker).filter(([key]) => !prefixed.test(key)))
}

function stripped(properties: Properties, prefix: string): Properties {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) =>
      key.length > prefix.length && key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  )
}
