import { ConfigError, ConnectError, type ConnectorHost, type Logger } from '../../../framework/api/index.ts'
import { collectInto } from '../../../framework/config/findings.ts'
import { Cluster } from '../../../framework/kafka/cluster.ts'
import { retrying } from '../../../framework/kafka/retry.ts'
import { toClientSettings } from '../config/client-settings.ts'
import { clientProperties, entityLabel, type Side } from '../config/clients.ts'
import type { MirrorKind } from './check-properties.ts'

type Properties = Readonly<Record<string, string>>

/** Less than a worker gives a connector to start in, so that it is told why it does not. */
const WITHIN_MS = 20_000

export interface MeetOptions {
  readonly logger: Logger
  /** Aborted = stop trying. */
  readonly signal: AbortSignal
}

/**
 * Asks the clusters that a connector names, and the one that its worker writes to, which has to be its target.
 * @throws ConnectError where one does not answer; ConfigError where the worker writes elsewhere
 */
export async function meetClusters(
  kind: MirrorKind,
  properties: Properties,
  host: ConnectorHost,
  { logger, signal: stopping }: MeetOptions,
): Promise<void> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(WITHIN_MS)])
  const ask = (side: Side): Promise<string | null> => clusterId(side, properties, { logger, signal })
  const [target, written] = await Promise.all([
    ask('target'),
    host.targetCluster(signal),
    kind === 'heartbeat' ? undefined : ask('source'),
  ])
  const key = 'target.cluster.bootstrap.servers'
  const value = properties[key] ?? ''
  if (target === null || written.id === null) {
    logger.warn(
      { key, value },
      `${key} = ${value}: it cannot be told whether the worker writes there, since the brokers give no id`,
    )
  } else if (target !== written.id) {
    const servers = written.servers.join(',')
    const message = `is cluster ${target}, but the worker writes the records to ${written.id} (bootstrap.servers = ${servers}); name that cluster here, or set producer.override.bootstrap.servers = ${value}`
    throw new ConfigError([{ key, value, message }])
  }
}

async function clusterId(side: Side, properties: Properties, { logger, signal }: MeetOptions): Promise<string | null> {
  const own = clientProperties(properties, side, 'admin', entityLabel(properties), `replication-${side}-admin`)
  const cluster = new Cluster(
    collectInto(report => toClientSettings(own, 'admin', report)),
    logger,
  )
  try {
    await retrying(cluster, `asking the ${side}`, () => cluster.describeTopics([]), { signal })
    return cluster.clusterId
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error
    const message = `${side}.cluster.bootstrap.servers = ${properties[`${side}.cluster.bootstrap.servers`]}: ${error.message}`
    throw new ConnectError(error.code, message, { kind: error.kind, stage: 'start', cause: error })
  } finally {
    await cluster.close()
  }
}
