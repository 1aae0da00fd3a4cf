import type { Metric } from '../../api/index.ts'

const CONNECTOR = ['flow', 'connector'] as const
const TASK = ['flow', 'connector', 'task'] as const

const metric =
  (kind: 'counter' | 'gauge', labels: readonly string[]) =>
  (name: string, unit: string, doc: string): Metric => ({ name: `kafka_connect_${name}`, kind, unit, labels, doc })

const workerGauge = metric('gauge', ['flow'])
const connectorGauge = metric('gauge', CONNECTOR)
const taskGauge = metric('gauge', TASK)
const taskCounter = metric('counter', TASK)

/** Kafka Connect's own, under the names that Strimzi's rules for the JMX exporter give them: group, then attribute. */
export const connectMetrics = {
  connectorCount: workerGauge('worker_connector_count', '1', 'Connectors that run here.'),
  taskCount: workerGauge('worker_task_count', '1', 'Tasks that run here.'),
  totalTasks: connectorGauge('worker_connector_total_task_count', '1', 'Tasks of the connector.'),
  runningTasks: connectorGauge('worker_connector_running_task_count', '1', 'Tasks of the connector that run.'),
  pausedTasks: connectorGauge('worker_connector_paused_task_count', '1', 'Tasks of the connector that are paused.'),
  failedTasks: connectorGauge('worker_connector_failed_task_count', '1', 'Tasks of the connector that have failed for good.'),
  unassignedTasks: connectorGauge('worker_connector_unassigned_task_count', '1', 'Tasks of the connector that are starting.'),
  destroyedTasks: connectorGauge('worker_connector_destroyed_task_count', '1', 'Tasks of the connector that have ended.'),
  restartingTasks: connectorGauge(
    'worker_connector_restarting_task_count',
    '1',
    'Tasks of the connector that have failed and are started again.',
  ),
  connectorStatus: metric('gauge', [...CONNECTOR, 'status'])('connector_status', '1', '1 for the state the connector is in.'),
  connectorType: metric('gauge', [...CONNECTOR, 'connector_type'])(
    'connector_connector_type',
    '1',
    '1 for what the connector is: source or sink.',
  ),
  taskStatus: metric('gauge', [...TASK, 'status'])('connector_task_status', '1', '1 for the state the task is in.'),
  batchSizeMax: taskGauge('connector_task_batch_size_max', 'records', 'Records of the greatest batch of the last 30 to 60 s.'),
  batchSizeAvg: taskGauge('connector_task_batch_size_avg', 'records', 'Records of a batch on average, over the same time.'),
  polled: taskCounter(
    'source_task_source_record_poll_total',
    'records',
    'Records that the task has read, before transforms; those of a batch that is read again are counted again.',
  ),
  pollRate: taskGauge('source_task_source_record_poll_rate', 'records/s', 'The same per second, over the last 30 to 60 s.'),
  written: taskCounter(
    'source_task_source_record_write_total',
    'records',
    'Records that Kafka has acknowledged, after transforms.',
  ),
  writeRate: taskGauge('source_task_source_record_write_rate', 'records/s', 'The same per second, over the last 30 to 60 s.'),
  sourceActive: taskGauge('source_task_source_record_active_count', 'records', 'Records sent to Kafka and not acknowledged yet.'),
  sinkRead: taskCounter('sink_task_sink_record_read_total', 'records', 'Records read from Kafka, before transforms.'),
  sinkReadRate: taskGauge('sink_task_sink_record_read_rate', 'records/s', 'The same per second, over the last 30 to 60 s.'),
  sinkSent: taskCounter(
    'sink_task_sink_record_send_total',
    'records',
    'Records of batches that the task has acknowledged (Kafka Connect: that it was given).',
  ),
  sinkSendRate: taskGauge('sink_task_sink_record_send_rate', 'records/s', 'The same per second, over the last 30 to 60 s.'),
  sinkActive: taskGauge(
    'sink_task_sink_record_active_count',
    'records',
    'Records read and not acknowledged by the task (Kafka Connect: not committed).',
  ),
  sinkPartitions: taskGauge('sink_task_partition_count', '1', 'Partitions that the task is assigned.'),
  failures: taskCounter('task_error_total_record_failures', 'attempts', 'Failed attempts at records, repeated ones too.'),
  errors: taskCounter('task_error_total_record_errors', 'records', 'Records that were given up.'),
  skipped: taskCounter('task_error_total_records_skipped', 'records', 'Records that were passed over.'),
  retries: taskCounter('task_error_total_retries', 'attempts', 'Records tried again.'),
  logged: taskCounter('task_error_total_errors_logged', 'records', 'Failed records that were logged.'),
  deadLetters: taskCounter('task_error_deadletterqueue_produce_requests', 'records', 'Records sent to the dead-letter topic.'),
  deadLetterFailures: taskCounter(
    'task_error_deadletterqueue_produce_failures',
    'records',
    'Records that the dead-letter topic did not take.',
  ),
  lastError: taskGauge(
    'task_error_last_error_timestamp',
    'ms',
    'When a record was last given up, in milliseconds since the epoch; 0 = never.',
  ),
} as const satisfies Readonly<Record<string, Metric>>
