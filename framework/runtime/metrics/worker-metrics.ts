import type { Metric } from '../../api/index.ts'

const TASK = ['flow', 'connector', 'task'] as const
const PARTITION = ['flow', 'connector', 'partition'] as const

const metric =
  (kind: Metric['kind'], labels: readonly string[]) =>
  (name: string, unit: string, doc: string): Metric => ({ name: `isthmus_${name}`, kind, unit, labels, doc })

const taskGauge = metric('gauge', TASK)
const taskCounter = metric('counter', TASK)
const partitionGauge = metric('gauge', PARTITION)
const partitionCounter = metric('counter', PARTITION)

/** What Kafka Connect does not tell of a worker. */
export const workerMetrics = {
  health: metric('gauge', ['flow'])('health', '1', '2 = UP, 1 = DEGRADED, 0 = DOWN, as /health says of the worker.'),
  connectorRestarts: metric('counter', ['flow', 'connector'])(
    'connector_restarts_total',
    '1',
    'Times that the connector was started again by itself after a failure.',
  ),
  retries: metric('counter', ['flow', 'connector', 'side', 'cause'])(
    'retries_total',
    '1',
    'Times that a partition began to make no progress, by the side (source, target) and the code of the error.',
  ),
  partitionsByState: metric('gauge', ['flow', 'connector', 'state'])(
    'partitions',
    '1',
    'Partitions in each state. Every partition is counted, whatever isthmus.metrics.partitions is.',
  ),
  partitionsOmitted: metric('gauge', ['flow'])(
    'partitions_omitted',
    '1',
    'Partitions without series of their own, as isthmus.metrics.partitions and its max have it.',
  ),
  lag: metric('gauge', ['flow', 'connector'])(
    'lag_records',
    'records',
    'Records at the source that are not acknowledged, of all partitions of which that is known. Absent where none is known to wait, but not of all.',
  ),
  lost: metric('gauge', ['flow', 'connector'])(
    'lost_records',
    'records',
    'Records that the source had no more before they were read, of all partitions read now.',
  ),
  lostInAll: metric('counter', ['flow', 'connector'])(
    'lost_records_total',
    'records',
    'The same of every partition that ever was; with this an alert holds whatever isthmus.metrics.partitions is.',
  ),
  restarts: taskCounter('task_restarts_total', '1', 'Times that the task was started again by itself after a failure.'),
  lastFailure: taskGauge(
    'task_last_failure_timestamp_seconds',
    'seconds',
    'When the task last failed, since the epoch; absent = never.',
  ),
  commitFailures: taskCounter('task_commit_failures_total', '1', 'Commits of offsets that failed, in the present run.'),
  lastCommit: taskGauge(
    'task_last_commit_timestamp_seconds',
    'seconds',
    'When offsets were last stored, since the epoch; 0 = not yet.',
  ),
  lastActivity: taskGauge(
    'task_last_activity_timestamp_seconds',
    'seconds',
    'When records were last acknowledged, since the epoch; 0 = not yet.',
  ),
  bytes: taskCounter(
    'task_bytes_total',
    'bytes',
    'Bytes of batches acknowledged, as they were read or encoded; Kafka may store small ones joined.',
  ),
  windowUsed: taskGauge('task_window_used_bytes', 'bytes', 'Bytes demanded or on their way.'),
  windowSize: taskGauge('task_window_size_bytes', 'bytes', 'What they may come to.'),
  ackLatency: metric('histogram', TASK)(
    'task_ack_latency_seconds',
    'seconds',
    'Source: from sending a batch to its acknowledgement by Kafka. Sink: from delivering a batch to its acknowledgement by the task.',
  ),
  stage: metric('histogram', [...TASK, 'stage'])(
    'task_stage_seconds',
    'seconds',
    'Time of batches by stage. fetch: from asking the source to its answer, waiting for records included; wait: until the batch is taken or delivered; transform: converters, transforms, making record batches; produce (source): until Kafka has acknowledged; deliver (sink): until the task has; commit: of offsets.',
  ),
  rebalances: taskCounter(
    'task_rebalances_total',
    '1',
    'Rebalances of the group of a sink that were completed, in the present run.',
  ),
  rebalanceTime: taskCounter('task_rebalance_seconds_total', 'seconds', 'What they took, from joining to having its partitions.'),
  rebalanceLastTime: taskGauge('task_last_rebalance_seconds', 'seconds', 'What the last one took.'),
  rebalanceLast: taskGauge(
    'task_last_rebalance_timestamp_seconds',
    'seconds',
    'When the last one was completed, since the epoch; 0 = none was.',
  ),
  rebalancing: taskGauge('task_rebalancing', '1', '1 while the member joins its group, 0 while it has its share.'),
  partitionRecords: partitionCounter('partition_records_total', 'records', 'Records acknowledged.'),
  partitionBytes: partitionCounter('partition_bytes_total', 'bytes', 'Bytes acknowledged.'),
  partitionLag: partitionGauge(
    'partition_lag_records',
    'records',
    'Records at the source that are not acknowledged: those that were read, and the offsets up to the end of the log. Absent where it is not known.',
  ),
  partitionLagBytes: partitionGauge(
    'partition_lag_bytes',
    'bytes',
    'The same in bytes: exact for what has been read; what has not is estimated by the mean size of the records copied. Absent before any was.',
  ),
  partitionAge: partitionGauge(
    'partition_oldest_uncopied_age_seconds',
    'seconds',
    'How long the oldest record that is not acknowledged has been waiting, by its timestamp; before it is read, since it was known to be there. 0 = none waits.',
  ),
  partitionGaps: partitionCounter(
    'partition_gaps_total',
    '1',
    'Times that the source lost records, or its topic was made anew, before they were read.',
  ),
  partitionLost: partitionCounter('partition_lost_records_total', 'records', 'Records lost so.'),
  partitionRetries: partitionCounter(
    'partition_retries_total',
    '1',
    'Times that one side of the partition began to make no progress.',
  ),
  partitionTrouble: metric('gauge', [...PARTITION, 'state'])(
    'partition_trouble',
    '1',
    '1 for a partition that does not go on as it should (FAILED, RETRYING, GAP, RECREATED), with that state.',
  ),
} as const satisfies Readonly<Record<string, Metric>>
