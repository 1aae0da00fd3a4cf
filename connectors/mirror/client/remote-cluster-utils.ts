import { MirrorClient, type MirrorClientOptions } from './mirror-client.ts'
import type { RemoteOffset } from './read-checkpoints.ts'

type Properties = Readonly<Record<string, string>>

/** `MirrorClient.replicationHops` on a client of its own; so are the others here, with the client's properties and options. */
export function replicationHops(properties: Properties, upstreamAlias: string, options?: MirrorClientOptions): Promise<number> {
  return once(properties, options, client => client.replicationHops(upstreamAlias))
}

export function heartbeatTopics(properties: Properties, options?: MirrorClientOptions): Promise<readonly string[]> {
  return once(properties, options, client => client.heartbeatTopics())
}

export function checkpointTopics(properties: Properties, options?: MirrorClientOptions): Promise<readonly string[]> {
  return once(properties, options, client => client.checkpointTopics())
}

export function upstreamClusters(properties: Properties, options?: MirrorClientOptions): Promise<readonly string[]> {
  return once(properties, options, client => client.upstreamClusters())
}

export function remoteTopics(properties: Properties, source?: string, options?: MirrorClientOptions): Promise<readonly string[]> {
  return once(properties, options, client => client.remoteTopics(source))
}

/**
 * Where a group of another cluster should go on here: see `MirrorClient.remoteConsumerOffsets`.
 * @param remoteAlias the cluster the group comes from
 */
export function translateOffsets(
  properties: Properties,
  remoteAlias: string,
  group: string,
  options?: MirrorClientOptions,
): Promise<readonly RemoteOffset[]> {
  return once(properties, options, client => client.remoteConsumerOffsets(group, remoteAlias))
}

async function once<T>(
  properties: Properties,
  options: MirrorClientOptions | undefined,
  ask: (client: MirrorClient) => Promise<T>,
): Promise<T> {
  const client = new MirrorClient(properties, options)
  try {
    return await ask(client)
  } finally {
    await client.close()
  }
}
