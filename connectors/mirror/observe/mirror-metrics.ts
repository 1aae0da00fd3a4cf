import type { Metric } from '../../../framework/api/index.ts'

const FLOW = ['source', 'target'] as const
const PARTITION = [...FLOW, 'topic', 'partition'] as const
const RUN = ['flow', 'run'] as const
const GROUP = [...FLOW, 'group', 'topic', 'partition'] as const

const metric =
  (prefix: string, labels: readonly string[], kind: Metric['kind'] = 'gauge') =>
  (name: string, unit: string, doc: string): Metric => ({ name: `${prefix}_${name}`, kind, unit, labels, doc })

const source = metric('kafka_connect_mirror_mirrorsourceconnector', PARTITION)
const checkpoint = metric('kafka_connect_mirror_mirrorcheckpointconnector', GROUP)

/** MirrorMaker 2's own, under the names that Strimzi's rules for the JMX exporter give them. The topic is the remote one. */
export const mirrorMaker2Metrics = {
  records: source('record_count', 'records', 'Records copied, since the start of the process.'),
  recordRate: source('record_rate', 'records/s', 'Records copied per second, over the last 30 to 60 s.'),
  bytes: source(
    'byte_count',
    'bytes',
    'Bytes of batches copied, as the source stores them; of those that had to be made anew, as they were made (MirrorMaker 2: of values alone).',
  ),
  byteRate: source('byte_rate', 'bytes/s', 'The same per second, over the last 30 to 60 s.'),
  age: source('record_age_ms', 'ms', 'Age of a record when it was read, by its timestamp: of the latest batch.'),
  ageMax: source('record_age_ms_max', 'ms', 'The greatest of the last 30 to 60 s; NaN = nothing was read.'),
  ageMin: source('record_age_ms_min', 'ms', 'The least of that time.'),
  ageAvg: source('record_age_ms_avg', 'ms', 'Their mean, a batch counting as one between its first and its latest record.'),
  latency: source(
    'replication_latency_ms',
    'ms',
    'Age of a record when the target acknowledged it, by its timestamp: of the latest batch.',
  ),
  latencyMax: source('replication_latency_ms_max', 'ms', 'The greatest of the last 30 to 60 s; NaN = nothing was copied.'),
  latencyMin: source('replication_latency_ms_min', 'ms', 'The least of that time.'),
  latencyAvg: source('replication_latency_ms_avg', 'ms', 'Their mean, as that of the age.'),
  checkpointLatency: checkpoint(
    'checkpoint_latency_ms',
    'ms',
    'From making the latest checkpoint of a group and partition to its acknowledgement by the target.',
  ),
  checkpointLatencyMax: checkpoint(
    'checkpoint_latency_ms_max',
    'ms',
    'The greatest of the last 30 to 60 s; NaN = none was written.',
  ),
  checkpointLatencyMin: checkpoint('checkpoint_latency_ms_min', 'ms', 'The least of that time.'),
  checkpointLatencyAvg: checkpoint('checkpoint_latency_ms_avg', 'ms', 'Their mean.'),
} as const satisfies Readonly<Record<string, Metric>>

const flow = metric('isthmus_flow', FLOW)
const flowCounter = metric('isthmus_flow', FLOW, 'counter')

/** What MirrorMaker 2 does not tell of a flow. What is known of partitions is in `isthmus_partition_…`, with the label `flow`. */
export const flowMetrics = {
  state: metric('isthmus_flow', [...FLOW, 'state'])('state', '1', '1 for the state the flow is in.'),
  unreachable: metric('isthmus_flow', [...FLOW, 'side'])(
    'cluster_unreachable',
    '1',
    '1 while this cluster of the flow (side: source, target) does not answer, or does not let us; 0 otherwise, also where nobody asks.',
  ),
  records: flowCounter('records_total', 'records', 'Records acknowledged by the target.'),
  bytes: flowCounter('bytes_total', 'bytes', 'Bytes acknowledged by the target.'),
  partitions: flow('partitions', '1', 'Partitions that are copied by this process.'),
  lag: flow(
    'lag_records',
    'records',
    'Records at the source that are not on the target, of all partitions of which that is known. Absent where none is known to wait, but not of all.',
  ),
  oldest: flow(
    'oldest_uncopied_age_seconds',
    'seconds',
    'How long the oldest record of the flow that is not on the target has been waiting.',
  ),
  hop: metric('isthmus_flow', FLOW, 'histogram')(
    'hop_latency_seconds',
    'seconds',
    'From the arrival of a batch from the source to the arrival of its acknowledgement by the target: what the mirror adds, whatever the age of the records.',
  ),
  rebalanceTime: flowCounter(
    'rebalance_seconds_total',
    'seconds',
    'What rebalances of the group that decides which process copies took this process; how many: kafka_connect_worker_rebalance_completed_rebalances_total.',
  ),
  rebalanceLastTime: flow('last_rebalance_seconds', 'seconds', 'What the last one took; NaN = none was completed.'),
  rebalanceLast: flow(
    'last_rebalance_timestamp_seconds',
    'seconds',
    'When the last one was completed, since the epoch; 0 = none was.',
  ),
  syncRuns: flowCounter(
    'group_sync_runs_total',
    '1',
    'Runs that set groups of the target (sync.group.offsets.enabled) and ended.',
  ),
  syncSet: flowCounter('group_sync_groups_set_total', '1', 'Times that a group of the target was set.'),
  syncOffsets: flowCounter('group_sync_offsets_set_total', '1', 'Offsets that were set so.'),
  syncRefused: flowCounter(
    'group_sync_groups_refused_total',
    '1',
    'Times that a broker refused to set a group or to tell of it; the next run tries again.',
  ),
  syncSkipped: metric('isthmus_flow', [...FLOW, 'reason'])(
    'group_sync_groups_skipped',
    '1',
    'Groups that the last run left as they were, wholly or in part: in_use (somebody is in the group there), ahead (somebody has consumed there), past_end (the target has lost what the offset counts).',
  ),
  syncLast: flow('group_sync_last_run_timestamp_seconds', 'seconds', 'When the last run ended, since the epoch; 0 = none did.'),
  syncTook: flow('group_sync_last_run_seconds', 'seconds', 'What it took.'),
  groups: flow('groups', '1', 'Consumer groups whose offsets are translated.'),
  translated: metric('isthmus_flow', [...FLOW, 'exactness'])(
    'translated_offsets',
    '1',
    'Offsets of groups by how exactly they are translated: exact, low (repeats records, loses none), none (not translated yet).',
  ),
  runFailures: metric('isthmus_run', RUN, 'counter')(
    'failures_total',
    '1',
    'Runs of what is done beside copying (refreshing topics, syncing groups, …) that could not do all they should.',
  ),
  runFailing: metric('isthmus_run', RUN)('failing', '1', '1 while the latest of these runs failed, 0 once one has succeeded.'),
} as const satisfies Readonly<Record<string, Metric>>
