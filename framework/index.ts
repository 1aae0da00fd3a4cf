// For authors of connectors: the contracts, and helpers that keep the common case short.
export * from './api/index.ts'
export type { Injector, Token } from './api/injection.ts'
export type { MakePlugin, PluginContract, PluginLoader, PluginReference } from './api/plugin.ts'
export { type Parsed, parseConfig } from './config/parse.ts'
// For programs that run connectors themselves.
export { readPropertiesFile } from './config/properties.ts'
export * from './converters/index.ts'
export { type Connect, type ConnectOptions, createInjector, openConnect, PluginRegistry } from './di/index.ts'
export type { BackoffOptions } from './flow/backoff.ts'
export { Backoff } from './flow/backoff.ts'
export type { EachBatchOptions } from './flow/each-batch.ts'
export { eachBatch } from './flow/each-batch.ts'
export type { EachRecordOptions, WriteRecord } from './flow/each-record.ts'
export { eachRecord } from './flow/each-record.ts'
export type { PeriodicOptions } from './flow/periodically.ts'
export { periodically } from './flow/periodically.ts'
export type { PollOptions } from './flow/poll-with.ts'
export { pollWith } from './flow/poll-with.ts'
export type { ClientSettings, SaslSettings } from './kafka/client-settings.ts'
export { defaultClientSettings } from './kafka/client-settings.ts'
export { Cluster } from './kafka/cluster.ts'
export { type AppClient, appClient, registerCodecs } from './kafka/kafkajs/index.ts'
export type { Codec } from './kafka/record-batch/index.ts'
export type { WriterSettings } from './kafka/writer/settings.ts'
export { KafkaWriter } from './kafka/writer/writer.ts'
export type {
  ConnectorDescription,
  ConnectorRun,
  ConnectorRunState,
  ConnectorStatus,
  DeadLetterSettings,
  EncodeRecords,
  ErrorConfig,
  Failure,
  Health,
  HealthState,
  PartCallbacks,
  PartitionEntry,
  PartitionTotals,
  PartWriter,
  RestartOptions,
  RestartSettings,
  SinkRun,
  SinkServices,
  SinkServicesOptions,
  SinkTaskSettings,
  SourceRun,
  SourceServices,
  SourceServicesOptions,
  SourceTaskSettings,
  StoreErrant,
  TargetState,
  TaskRunState,
  TaskServices,
  TaskStatus,
  TraceOptions,
  WorkerHealth,
  WorkerOptions,
  WorkerStatus,
} from './runtime/index.ts'
export {
  defaultRestartSettings,
  defaultSinkTaskSettings,
  defaultSourceTaskSettings,
  errorKeys,
  parseRestartSettings,
  restartKeys,
  sinkKeys,
  sinkServices,
  sourceKeys,
  sourceServices,
  Worker,
} from './runtime/index.ts'
export type { KafkaServices, KafkaServicesOptions } from './runtime/kafka-services.ts'
export { openKafkaServices } from './runtime/kafka-services.ts'
export type { KafkaOffsetStoreOptions } from './storage/kafka-offset-store.ts'
export { KafkaOffsetStore } from './storage/kafka-offset-store.ts'
export { MemoryOffsetStore } from './storage/memory-offset-store.ts'
export type { OffsetEntry, OffsetStore } from './storage/offset-store.ts'
export type { LoggerOptions, TraceSettings } from './telemetry/index.ts'
export { createLogger, inTraceOf, LogLevels } from './telemetry/index.ts'
export { ProcessMetrics, prometheusText, registerInstruments } from './telemetry/metrics/index.ts'
export * from './transforms/index.ts'
