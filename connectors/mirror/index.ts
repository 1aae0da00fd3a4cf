export { type MirrorCheckpointDependencies, MirrorCheckpointTask } from './checkpoint/index.ts'
export {
  checkpointTopics,
  clientConfigOf,
  heartbeatTopics,
  MirrorClient,
  type MirrorClientOptions,
  MirrorTopology,
  type RemoteOffset,
  remoteTopics,
  replicationHops,
  translateOffsets,
  upstreamClusters,
} from './client/index.ts'
export {
  type CheckOptions,
  checkMirrorFile,
  checkpointDefinition,
  type HeartbeatFlow,
  heartbeatDefinition,
  type MirrorFlow,
  type MirrorPlan,
  sourceDefinition,
} from './config/index.ts'
export {
  type FlowState,
  type FlowStatus,
  MirrorMaker,
  type OpenMirrorOptions,
  openMirror,
  type TroubledPartition,
  type UnreachableCluster,
} from './dedicated/index.ts'
export {
  checkFailoverSettings,
  type FailoverBatchPayload,
  FailoverConsumer,
  type FailoverConsumerOptions,
  type FailoverMessagePayload,
  type FailoverMove,
  type FailoverSettings,
  type FailoverSettingsOptions,
  type FailoverState,
  type FailoverStatus,
  type MissingSetting,
  type MoveCause,
  type MovedPosition,
  type PositionExactness,
  type RecordSource,
  type Standing,
} from './failover-consumer/index.ts'
export {
  type Checkpoint,
  checkpointFormat,
  checkpointText,
  type Heartbeat,
  heartbeatFormat,
  heartbeatText,
  type OffsetSync,
  offsetSyncFormat,
  offsetSyncText,
} from './formats/index.ts'
export { MirrorHeartbeatTask } from './heartbeat/index.ts'
export { type MirrorSourceDependencies, MirrorSourceTask } from './source/index.ts'
export { CONFIG_PROPERTY_FILTER, GROUP_FILTER, REPLICATION_POLICY, TOPIC_FILTER } from './tokens.ts'
export { MirrorCheckpointConnector, MirrorHeartbeatConnector, MirrorSourceConnector } from './worker/index.ts'
