export * from './bridge.ts'
export type { Broker } from './broker.ts'
export { DEFAULT_VERSION } from './cache.ts'
export { type KafkaCluster, type KafkaClusterOptions, openCluster, startCluster } from './cluster.ts'
export {
  CONNECT_STANDALONE,
  type ConnectStandalone,
  type ConnectStandaloneOptions,
  connectorJars,
  startConnectStandalone,
} from './connect-standalone.ts'
export { KafkaToolError } from './errors.ts'
export { kafkaClasspath, kafkaJars } from './jars.ts'
export { type JavaOptions, runJava, spawnJava } from './java.ts'
export type { RunResult } from './jdk.ts'
export { partitionFolder, truncateLog } from './log-damage.ts'
export { type MirrorMaker, type MirrorMakerOptions, startMirrorMaker } from './mirror-maker.ts'
export { registryJars } from './registry-jars.ts'
export { ADMIN, type ClusterSecurity, SASL_MECHANISMS, type SecurityProtocol, serverCertificate } from './security.ts'
