export type { Clock } from './clock.ts'
export type { ConfigDefinition, ConfigKey, ConfigType } from './config-definition.ts'
export type { ConfigProblem, ConnectErrorOptions, ErrorKind, ErrorStage } from './connect-error.ts'
export { ConfigError, ConnectError } from './connect-error.ts'
export type { ConfigFindings, ConnectorContext, SourceConnectorContext } from './connector.ts'
export { SourceConnector } from './connector.ts'
export type { Converter, ConverterRole, HeaderConverter, MaybePromise, SchemaAndValue } from './converter.ts'
export * from './data.ts'
export type { LogLevel } from './log-level.ts'
export type { HistogramValue, Metric, MetricKind, MetricLabels, MetricSink, MetricSource } from './metrics.ts'
export type { Observation, Observed, ObservedHealth } from './observe.ts'
export type { EncodedRecords, RecordHeader, SourceOffset, SourcePartition, SourceRecord } from './records.ts'
export { SinkConnector } from './sink-connector.ts'
export type {
  CloseReason,
  ErrantRecordReporter,
  SinkAck,
  SinkBatch,
  SinkPartition,
  SinkRecord,
  SinkTaskContext,
  SinkValue,
} from './sink-task.ts'
export { SinkTask } from './sink-task.ts'
export type { Demand, SourceAck, SourceBatch, SourcePart, SourceTaskContext } from './source-task.ts'
export { SourceTask } from './source-task.ts'
export type {
  ClusterReport,
  ConnectorReport,
  ErrorReport,
  FlowReport,
  GroupPosition,
  GroupReport,
  GroupSyncReport,
  GroupsReport,
  HistorySeries,
  LatencyReport,
  PartitionReport,
  PartitionsReport,
  Severity,
  StatusEvent,
  StatusHistory,
  StatusReport,
  TaskReport,
} from './status-report.ts'
export type { Logger, PartitionState, PartitionStatus, TaskContext } from './task-context.ts'
export {
  CLOCK,
  CONFIG,
  type ConnectorHost,
  HOST,
  LOGGER,
  METER,
  OFFSETS,
  type OffsetReader,
  type TargetCluster,
  TRACER,
} from './tokens.ts'
export type { Predicate, Transform } from './transform.ts'
export { transformBatch, transformEach } from './transform.ts'
