import { type ConnectorHost, LOGGER, type TargetCluster } from '../api/index.ts'
import type { Injector } from '../api/injection.ts'
import type { PluginLoader } from '../api/plugin.ts'
import { collectInto } from '../config/findings.ts'
import { Cluster } from '../kafka/cluster.ts'
import { retrying } from '../kafka/retry.ts'
import { connectorClient } from './connector-client.ts'
import type { WorkerSettings } from './worker-settings.ts'

export interface ConnectorHostOptions {
  readonly worker: WorkerSettings
  readonly plugins: PluginLoader
  /** The connector's. */
  readonly injector: Injector
  /** Of the connector, variables resolved. */
  readonly config: Readonly<Record<string, string>>
}

/** The worker as one of its connectors sees it. */
export function connectorHost({ worker, plugins, injector, config }: ConnectorHostOptions): ConnectorHost {
  return {
    plugins,
    injector,
    async targetCluster(signal): Promise<TargetCluster> {
      const client = collectInto(report => connectorClient('producer', worker, config, report))
      const cluster = new Cluster(client, injector.resolve(LOGGER))
      try {
        await retrying(cluster, 'asking the cluster that records are written to', () => cluster.describeTopics([]), { signal })
        return { servers: client.bootstrapServers, id: cluster.clusterId }
      } finally {
        await cluster.close()
      }
    },
  }
}
