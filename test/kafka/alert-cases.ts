interface InputSeries {
  readonly series: string
  /** As promtool has it: `0x10` = eleven times 0, `0+1x10` = from 0 on one more each time. */
  readonly values: string
}

/** Series of a minute's step that a rule of examples/observe/alerts.yml is for, and when it is to fire. */
export interface AlertCase {
  readonly alert: string
  readonly given: readonly InputSeries[]
  /** Minutes from the start at which it does not fire yet, and at which it does. */
  readonly quietAt: number
  readonly firesAt: number
  /** Of the alert that fires. */
  readonly labels: Readonly<Record<string, string>>
}

const PLACE = 'job="isthmus",instance="m:8083"'
const place = { job: 'isthmus', instance: 'm:8083' }
const FLOW = `flow="A->B",${PLACE}`
const PAIR = `source="A",target="B",${PLACE}`
const TASK = `connector="orders",task="0",${PLACE}`
const [flow, pair, task] = [
  { flow: 'A->B', ...place },
  { source: 'A', target: 'B', ...place },
  { connector: 'orders', task: '0', ...place },
]

const critical = (labels: Readonly<Record<string, string>>) => ({ ...labels, severity: 'critical' })
const warning = (labels: Readonly<Record<string, string>>) => ({ ...labels, severity: 'warning' })
const one = (series: string, values: string): readonly InputSeries[] => [{ series, values }]

export const alertCases: readonly AlertCase[] = [
  { alert: 'IsthmusAbsent', given: one(`up{${PLACE}}`, '1 1 0x10'), quietAt: 2, firesAt: 3, labels: critical(place) },
  { alert: 'IsthmusDown', given: one(`isthmus_health{${FLOW}}`, '2 2 0x10'), quietAt: 2, firesAt: 3, labels: critical(flow) },
  { alert: 'IsthmusDegraded', given: one(`isthmus_health{${FLOW}}`, '2 2 1x10'), quietAt: 6, firesAt: 7, labels: warning(flow) },
  {
    alert: 'IsthmusRecordsLost',
    given: one(`isthmus_lost_records_total{connector="M",${FLOW}}`, '0 0 0 5x10'),
    quietAt: 2,
    firesAt: 3,
    labels: critical({ connector: 'M', ...flow }),
  },
  {
    alert: 'IsthmusRecordsWait',
    given: one(`isthmus_flow_oldest_uncopied_age_seconds{${PAIR}}`, '0 0 61+60x10'),
    quietAt: 3,
    firesAt: 4,
    labels: warning(pair),
  },
  {
    alert: 'IsthmusPartitionFailed',
    given: one(`isthmus_partitions{state="FAILED",connector="M",${FLOW}}`, '_ _ 1x10'),
    quietAt: 1,
    firesAt: 2,
    labels: critical({ state: 'FAILED', connector: 'M', ...flow }),
  },
  {
    alert: 'IsthmusTaskRestarts',
    given: one(`isthmus_task_restarts_total{${TASK}}`, '0 0 0+1x20'),
    quietAt: 3,
    firesAt: 9,
    labels: warning(task),
  },
  {
    alert: 'IsthmusRecordErrors',
    given: one(`kafka_connect_task_error_total_record_errors{${TASK}}`, '0 0 0 1x10'),
    quietAt: 2,
    firesAt: 3,
    labels: warning(task),
  },
  {
    alert: 'IsthmusOffsetsNotStored',
    given: one(`isthmus_task_commit_failures_total{${TASK}}`, '0 0 0+1x20'),
    quietAt: 3,
    firesAt: 9,
    labels: warning(task),
  },
  {
    alert: 'IsthmusRunFails',
    given: one(`isthmus_run_failing{run="syncing groups",${FLOW}}`, '0 1 0 1x20'),
    quietAt: 12,
    firesAt: 13,
    labels: warning({ run: 'syncing groups', ...flow }),
  },
  {
    alert: 'IsthmusClusterUnreachable',
    given: one(`isthmus_flow_cluster_unreachable{side="source",${PAIR}}`, '0 1 0 1x10'),
    quietAt: 4,
    firesAt: 5,
    labels: warning({ side: 'source', ...pair }),
  },
  {
    alert: 'IsthmusGroupsNotSet',
    given: one(`isthmus_flow_group_sync_groups_refused_total{${PAIR}}`, '0 0 0+1x20'),
    quietAt: 3,
    firesAt: 9,
    labels: warning(pair),
  },
  {
    alert: 'IsthmusEventLoopSlow',
    given: one(`nodejs_eventloop_lag_p99_seconds{${PLACE}}`, '0 0 0.6x10'),
    quietAt: 6,
    firesAt: 7,
    labels: warning(place),
  },
]

/** A file for `promtool test rules`. Annotations are not compared: promtool wants them whole, and they hold values. */
export function alertTests(ruleFile: string): string {
  return JSON.stringify({
    rule_files: [ruleFile],
    evaluation_interval: '1m',
    tests: alertCases.map(({ alert, given, quietAt, firesAt, labels }) => ({
      interval: '1m',
      input_series: given,
      promql_expr_test: [
        { eval_time: `${quietAt}m`, expr: firing(alert), exp_samples: [] },
        { eval_time: `${firesAt}m`, expr: firing(alert), exp_samples: [{ labels: seriesOf(alert, labels), value: 1 }] },
      ],
    })),
  })
}

const firing = (alert: string): string => `ALERTS{alertname="${alert}",alertstate="firing"}`

function seriesOf(alert: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries({ alertname: alert, alertstate: 'firing', ...labels })
  return `ALERTS{${pairs.map(([name, value]) => `${name}="${value}"`).join(',')}}`
}
