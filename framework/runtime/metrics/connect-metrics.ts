import type { Metric } from '../../api/index.ts'

const CONNECTOR = ['flow', 'connector'] as const
const TASK = ['flow', 'connector', 'task'] as const

const metric =
  (kind: 'counter' | 'gauge', labels: readonly string[]) =>
  (name: string, unit: string, doc: string): Metric => ({ name: `kafka_connect_${name}`, kind, unit, labels, doc })

const workerGauge = metric('gauge', ['flow'])
const workerCounter = metric('counter', ['flow'])
const connectorGauge = metric('gauge', CONNECTOR)
const taskGauge = metric('gauge', TASK)
const taskCounter = metric('counter', TASK)

/** Kafka Connect's own, under the names that Strimzi's rules for the JMX exporter give them: group, then attribute. */
export const connectMetrics = {
  connectorCount: workerGauge('worker_connector_count', '1', 'Connectors that run here.'),
  taskCount: workerGauge('worker_task_count', '1', 'Tasks that run here.'),
  assignedConnectors: workerGauge('coordinator_assigned_connectors', '1', 'The same as the connectors that run here.'),
  assignedTasks: workerGauge('coordinator_assigned_tasks', '1', 'The same as the tasks that run here.'),
  connectorStarts: workerCounter(
    'worker_connector_startup_attempts_total',
    '1',
    'Starts of connectors that ended, those after failures too; of a flow, since it last became active.',
  ),
  connectorStartsDone: workerCounter('worker_connector_startup_success_total', '1', 'Of them, those that succeeded.'),
  connectorStartsFailed: workerCounter('worker_connector_startup_failure_total', '1', 'Of them, those that failed.'),
  connectorStartsDoneShare: workerGauge(
    'worker_connector_startup_success_percentage',
    '1',
    'The share of those that succeeded, 0 to 1, of all; NaN = none ended.',
  ),
  connectorStartsFailedShare: workerGauge('worker_connector_startup_failure_percentage', '1', 'The share of those that failed.'),
  taskStarts: workerCounter('worker_task_startup_attempts_total', '1', 'Starts of tasks that ended, as of connectors.'),
  taskStartsDone: workerCounter('worker_task_startup_success_total', '1', 'Of them, those after which the task ran.'),
  taskStartsFailed: workerCounter('worker_task_startup_failure_total', '1', 'Of them, those that failed.'),
  taskStartsDoneShare: workerGauge('worker_task_startup_success_percentage', '1', 'The share of those that succeeded, 0 to 1.'),
  taskStartsFailedShare: workerGauge('worker_task_startup_failure_percentage', '1', 'The share of those that failed.'),
  rebalances: workerCounter(
    'worker_rebalance_completed_rebalances_total',
    '1',
    'Rebalances of the group that decides which process copies a flow, completed; since the start of the process.',
  ),
  rebalancing: workerGauge('worker_rebalance_rebalancing', '1', '1 while this process joins the group, 0 while it has its part.'),
  rebalanceMax: workerGauge(
    'worker_rebalance_rebalance_max_time_ms',
    'ms',
    'Longest rebalance of the last 30 to 60 s; NaN = there was none.',
  ),
  rebalanceAvg: workerGauge('worker_rebalance_rebalance_avg_time_ms', 'ms', 'Their mean.'),
  rebalanceAge: workerGauge(
    'worker_rebalance_time_since_last_rebalance_ms',
    'ms',
    'Since the last one was completed; absent = none was.',
  ),
  rebalanceEpoch: workerGauge('worker_rebalance_epoch', '1', 'Generation of the group; -1 = not known yet.'),
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
  connectorClass: metric('gauge', [...CONNECTOR, 'connector_class'])(
    'connector_connector_class',
    '1',
    '1 for the class of the connector, as `connector.class` has it.',
  ),
  connectorVersion: metric('gauge', [...CONNECTOR, 'connector_version'])(
    'connector_connector_version',
    '1',
    'Always `unknown`: a connector has no version here. For dashboards that join with it.',
  ),
  taskStatus: metric('gauge', [...TASK, 'status'])('connector_task_status', '1', '1 for the state the task is in.'),
  batchSizeMax: taskGauge('connector_task_batch_size_max', 'records', 'Records of the greatest batch of the last 30 to 60 s.'),
  batchSizeAvg: taskGauge('connector_task_batch_size_avg', 'records', 'Records of a batch on average, over the same time.'),
  runningRatio: taskGauge('connector_task_running_ratio', '1', 'Share of its time, 0 to 1, that the task has been RUNNING.'),
  pauseRatio: taskGauge('connector_task_pause_ratio', '1', 'Share of its time that the task has been PAUSED.'),
  commitMax: taskGauge(
    'connector_task_offset_commit_max_time_ms',
    'ms',
    'Longest commit of offsets of the last 30 to 60 s, failed ones included; NaN = there was nothing to commit.',
  ),
  commitAvg: taskGauge('connector_task_offset_commit_avg_time_ms', 'ms', 'Their mean.'),
  commitsDoneShare: taskGauge(
    'connector_task_offset_commit_success_percentage',
    '1',
    'Share of the commits of that time that succeeded, 0 to 1; NaN = there was none.',
  ),
  commitsFailedShare: taskGauge('connector_task_offset_commit_failure_percentage', '1', 'Share of those that failed.'),
  pollMax: taskGauge(
    'source_task_poll_batch_max_time_ms',
    'ms',
    'Longest time of the last 30 to 60 s from asking for a batch to its arrival, waiting for records included; NaN = none came.',
  ),
  pollAvg: taskGauge('source_task_poll_batch_avg_time_ms', 'ms', 'Their mean.'),
  sourceActiveMax: taskGauge(
    'source_task_source_record_active_count_max',
    'records',
    'The most of the last 30 to 60 s that were sent and not acknowledged.',
  ),
  sourceActiveAvg: taskGauge('source_task_source_record_active_count_avg', 'records', 'Their mean, when a batch was read.'),
  putMax: taskGauge(
    'sink_task_put_batch_max_time_ms',
    'ms',
    'Longest time of the last 30 to 60 s from giving a batch to the task to its acknowledgement (Kafka Connect: of `put`); NaN = none.',
  ),
  putAvg: taskGauge('sink_task_put_batch_avg_time_ms', 'ms', 'Their mean.'),
  sinkActiveMax: taskGauge(
    'sink_task_sink_record_active_count_max',
    'records',
    'The most of the last 30 to 60 s that were read and not acknowledged.',
  ),
  sinkActiveAvg: taskGauge('sink_task_sink_record_active_count_avg', 'records', 'Their mean, when a batch was read.'),
  sinkLagMax: taskGauge(
    'sink_task_sink_record_lag_max',
    'records',
    'The greatest lag of a partition of the task; absent = not known (Kafka Connect never fills it).',
  ),
  sinkCommitSeqNo: taskGauge('sink_task_offset_commit_seq_no', '1', 'Number of the last commit of offsets.'),
  sinkCommits: taskCounter('sink_task_offset_commit_completion_total', '1', 'Commits of offsets that succeeded.'),
  sinkCommitRate: taskGauge('sink_task_offset_commit_completion_rate', '1/s', 'The same per second, over the last 30 to 60 s.'),
  sinkCommitsSkipped: taskCounter(
    'sink_task_offset_commit_skip_total',
    '1',
    'Always 0: commits of a task wait for each other, so none comes too late.',
  ),
  sinkCommitSkipRate: taskGauge('sink_task_offset_commit_skip_rate', '1/s', 'Always 0, as the total.'),
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
