export { clientConfigOf } from './client-config.ts'
export { MirrorClient, type MirrorClientOptions } from './mirror-client.ts'
export { countHops, MirrorTopology } from './mirror-topology.ts'
export type { RemoteOffset } from './read-checkpoints.ts'
export {
  checkpointTopics,
  heartbeatTopics,
  remoteTopics,
  replicationHops,
  translateOffsets,
  upstreamClusters,
} from './remote-cluster-utils.ts'
