export { type CheckOptions, checkMirrorFile, type MirrorFlow, type MirrorPlan, sourceDefinition } from './config/index.ts'
export {
  type FlowState,
  type FlowStatus,
  MirrorMaker,
  type OpenMirrorOptions,
  openMirror,
  type TroubledPartition,
  type UnreachableCluster,
} from './dedicated/index.ts'
export { MirrorSourceConnector, type MirrorSourceDependencies, MirrorSourceTask } from './source/index.ts'
export { CONFIG_PROPERTY_FILTER, REPLICATION_POLICY, TOPIC_FILTER } from './tokens.ts'
