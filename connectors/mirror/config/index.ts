export { type CheckOptions, checkMirrorFile, type MirrorPlan } from './check.ts'
export { type CheckpointConfig, checkpointDefinition } from './checkpoint-config.ts'
export type { ConsumerSettings, ProducerSettings } from './client-settings.ts'
export { clientProperties, entityLabel } from './clients.ts'
export type { FlowClients, HeartbeatFlow, MirrorFlow } from './flow-config.ts'
export { heartbeatDefinition } from './heartbeat-config.ts'
export { type ClusterPair, MIRROR_CONNECTORS, type MirrorConnectorName, MirrorMakerConfig } from './mirror-maker-config.ts'
export {
  dataCodec,
  dataProducerSettings,
  type SourceConnectorClients,
  type SourceTaskClients,
  sourceConnectorClients,
  sourceTaskClients,
} from './source-clients.ts'
export {
  offsetSyncsCluster,
  parseSourceTaskConfig,
  type SourceConfig,
  type SourceTaskConfig,
  sourceDefinition,
} from './source-config.ts'
