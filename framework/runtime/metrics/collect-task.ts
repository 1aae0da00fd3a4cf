import type { Metric, MetricLabels, MetricSink } from '../../api/index.ts'
import type { Rates } from '../../telemetry/metrics/index.ts'
import type { CommitTotals } from '../commit-totals.ts'
import type { TaskStatus } from '../status.ts'
import type { TaskTotals } from '../task-totals.ts'
import { collectStages } from './collect-stages.ts'
import { connectMetrics } from './connect-metrics.ts'
import { histogramOf } from './histograms.ts'
import type { LabelSets } from './label-sets.ts'
import { workerMetrics } from './worker-metrics.ts'

export interface TaskRates {
  readonly read: Rates<TaskTotals>
  readonly written: Rates<TaskTotals>
  readonly commits: Rates<CommitTotals>
}

export interface CollectedTask {
  readonly connector: string
  readonly kind: 'source' | 'sink'
  readonly task: TaskStatus
}

export function collectTask(to: MetricSink, { connector, kind, task }: CollectedTask, sets: LabelSets, rates: TaskRates): void {
  const labels = sets.ofTask(connector, task.taskId)
  const { totals } = task
  const nowMs = performance.now()
  const figures = {
    read: totals.recordsRead,
    readRate: rates.read.of(totals, totals.recordsRead, nowMs),
    written: totals.recordsWritten,
    writtenRate: rates.written.of(totals, totals.recordsWritten, nowMs),
    active: Math.max(0, totals.recordsActive),
    activeMax: totals.active.max(nowMs),
    activeAvg: totals.active.average(nowMs),
    pollMax: totals.fetchTime.max(nowMs),
    pollAvg: totals.fetchTime.average(nowMs),
    putMax: totals.ackTime.max(nowMs),
    putAvg: totals.ackTime.average(nowMs),
  }
  for (const [figure, metric] of kind === 'source' ? SOURCE : SINK) to.add(metric, labels, figures[figure])
  to.add(connectMetrics.taskStatus, sets.ofTask(connector, task.taskId, { status: task.state.toLowerCase() }), 1)
  to.add(connectMetrics.batchSizeMax, labels, totals.batchSize.max(nowMs))
  to.add(connectMetrics.batchSizeAvg, labels, totals.batchSize.average(nowMs))
  to.add(connectMetrics.runningRatio, labels, totals.states.of('RUNNING', nowMs))
  to.add(connectMetrics.pauseRatio, labels, totals.states.of('PAUSED', nowMs))
  collectCommits(to, totals.commits, labels, nowMs)
  if (kind === 'sink') collectSink(to, task, labels, rates.commits.of(totals.commits, totals.commits.completed, nowMs))
  for (const [figure, metric] of ERRORS) to.add(metric, labels, task.recordErrors[figure])
  collectOwn(to, task, labels)
  collectStages(to, totals, kind, stage => sets.ofTask(connector, task.taskId, { stage }))
}

function collectOwn(to: MetricSink, task: TaskStatus, labels: MetricLabels): void {
  const { totals, lastFailure } = task
  to.add(workerMetrics.restarts, labels, task.restarts)
  if (lastFailure !== undefined) to.add(workerMetrics.lastFailure, labels, lastFailure.atMs / 1000)
  to.add(workerMetrics.commitFailures, labels, task.commitFailures)
  to.add(workerMetrics.lastCommit, labels, task.lastCommitMs / 1000)
  to.add(workerMetrics.lastActivity, labels, task.lastActivityMs / 1000)
  to.add(workerMetrics.bytes, labels, totals.bytesWritten)
  to.add(workerMetrics.windowUsed, labels, task.usedBytes)
  to.add(workerMetrics.windowSize, labels, task.windowBytes)
  to.addHistogram(workerMetrics.ackLatency, labels, histogramOf(totals.ackLatency))
  const { rebalances } = totals
  if (rebalances === undefined) return
  to.add(workerMetrics.rebalances, labels, rebalances.count)
  to.add(workerMetrics.rebalanceTime, labels, rebalances.sumMs / 1000)
  to.add(workerMetrics.rebalanceLastTime, labels, rebalances.lastTookMs / 1000)
  to.add(workerMetrics.rebalanceLast, labels, rebalances.lastMs / 1000)
  to.add(workerMetrics.rebalancing, labels, rebalances.isUnderway ? 1 : 0)
}

function collectCommits(to: MetricSink, commits: CommitTotals, labels: MetricLabels, nowMs: number): void {
  const succeeded = commits.outcomes.average(nowMs)
  to.add(connectMetrics.commitMax, labels, commits.time.max(nowMs))
  to.add(connectMetrics.commitAvg, labels, commits.time.average(nowMs))
  to.add(connectMetrics.commitsDoneShare, labels, succeeded)
  to.add(connectMetrics.commitsFailedShare, labels, 1 - succeeded)
}

function collectSink(to: MetricSink, { totals, partitions }: TaskStatus, labels: MetricLabels, commitRate: number): void {
  const { completed, failed } = totals.commits
  to.add(connectMetrics.sinkPartitions, labels, partitions.length)
  to.add(connectMetrics.sinkCommitSeqNo, labels, completed + failed)
  to.add(connectMetrics.sinkCommits, labels, completed)
  to.add(connectMetrics.sinkCommitRate, labels, commitRate)
  to.add(connectMetrics.sinkCommitsSkipped, labels, 0)
  to.add(connectMetrics.sinkCommitSkipRate, labels, 0)
  const lag = partitions.reduce((greatest, { lagRecords }) => Math.max(greatest, lagRecords), -1)
  if (lag >= 0) to.add(connectMetrics.sinkLagMax, labels, lag)
}

type Figure =
  | 'read'
  | 'readRate'
  | 'written'
  | 'writtenRate'
  | 'active'
  | 'activeMax'
  | 'activeAvg'
  | 'pollMax'
  | 'pollAvg'
  | 'putMax'
  | 'putAvg'
const SOURCE: readonly (readonly [Figure, Metric])[] = [
  ['read', connectMetrics.polled],
  ['readRate', connectMetrics.pollRate],
  ['written', connectMetrics.written],
  ['writtenRate', connectMetrics.writeRate],
  ['active', connectMetrics.sourceActive],
  ['activeMax', connectMetrics.sourceActiveMax],
  ['activeAvg', connectMetrics.sourceActiveAvg],
  ['pollMax', connectMetrics.pollMax],
  ['pollAvg', connectMetrics.pollAvg],
]
const SINK: readonly (readonly [Figure, Metric])[] = [
  ['read', connectMetrics.sinkRead],
  ['readRate', connectMetrics.sinkReadRate],
  ['written', connectMetrics.sinkSent],
  ['writtenRate', connectMetrics.sinkSendRate],
  ['active', connectMetrics.sinkActive],
  ['activeMax', connectMetrics.sinkActiveMax],
  ['activeAvg', connectMetrics.sinkActiveAvg],
  ['putMax', connectMetrics.putMax],
  ['putAvg', connectMetrics.putAvg],
]

const ERRORS = [
  ['failures', connectMetrics.failures],
  ['errors', connectMetrics.errors],
  ['skipped', connectMetrics.skipped],
  ['retries', connectMetrics.retries],
  ['logged', connectMetrics.logged],
  ['deadLetters', connectMetrics.deadLetters],
  ['deadLetterFailures', connectMetrics.deadLetterFailures],
  ['lastErrorMs', connectMetrics.lastError],
] as const
