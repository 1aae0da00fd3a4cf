import type { HistogramValue, Metric, MetricLabels, MetricSink } from '../../api/index.ts'
import type { Rates } from '../../telemetry/metrics/index.ts'
import type { LatencyHistogram } from '../latency-histogram.ts'
import type { TaskStatus } from '../status.ts'
import type { TaskTotals } from '../task-totals.ts'
import { connectMetrics } from './connect-metrics.ts'
import { workerMetrics } from './worker-metrics.ts'

export interface TaskRates {
  readonly read: Rates<TaskTotals>
  readonly written: Rates<TaskTotals>
}

export function collectTask(
  to: MetricSink,
  kind: 'source' | 'sink',
  task: TaskStatus,
  labels: MetricLabels,
  rates: TaskRates,
): void {
  const { totals } = task
  const nowMs = performance.now()
  const figures = {
    read: totals.recordsRead,
    readRate: rates.read.of(totals, totals.recordsRead, nowMs),
    written: totals.recordsWritten,
    writtenRate: rates.written.of(totals, totals.recordsWritten, nowMs),
    active: Math.max(0, totals.recordsActive),
  }
  for (const [figure, metric] of kind === 'source' ? SOURCE : SINK) to.add(metric, labels, figures[figure])
  if (kind === 'sink') to.add(connectMetrics.sinkPartitions, labels, task.partitions.length)
  to.add(connectMetrics.taskStatus, { ...labels, status: task.state.toLowerCase() }, 1)
  to.add(connectMetrics.batchSizeMax, labels, totals.batchSize.max(nowMs))
  to.add(connectMetrics.batchSizeAvg, labels, totals.batchSize.average(nowMs))
  for (const [figure, metric] of ERRORS) to.add(metric, labels, task.recordErrors[figure])
  to.add(workerMetrics.restarts, labels, task.restarts)
  if (task.lastFailure !== undefined) to.add(workerMetrics.lastFailure, labels, task.lastFailure.atMs / 1000)
  to.add(workerMetrics.commitFailures, labels, task.commitFailures)
  to.add(workerMetrics.lastCommit, labels, task.lastCommitMs / 1000)
  to.add(workerMetrics.lastActivity, labels, task.lastActivityMs / 1000)
  to.add(workerMetrics.bytes, labels, totals.bytesWritten)
  to.add(workerMetrics.windowUsed, labels, task.usedBytes)
  to.add(workerMetrics.windowSize, labels, task.windowBytes)
  to.addHistogram(workerMetrics.ackLatency, labels, histogramOf(totals.ackLatency))
}

type Figure = 'read' | 'readRate' | 'written' | 'writtenRate' | 'active'
const SOURCE: readonly (readonly [Figure, Metric])[] = [
  ['read', connectMetrics.polled],
  ['readRate', connectMetrics.pollRate],
  ['written', connectMetrics.written],
  ['writtenRate', connectMetrics.writeRate],
  ['active', connectMetrics.sourceActive],
]
const SINK: readonly (readonly [Figure, Metric])[] = [
  ['read', connectMetrics.sinkRead],
  ['readRate', connectMetrics.sinkReadRate],
  ['written', connectMetrics.sinkSent],
  ['writtenRate', connectMetrics.sinkSendRate],
  ['active', connectMetrics.sinkActive],
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

const BOUNDS_MS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 65_536]
const BOUNDS = BOUNDS_MS.map(ms => ms / 1000)

/** In seconds. */
export function histogramOf(latency: LatencyHistogram): HistogramValue {
  return { count: latency.count, sum: latency.sumMs / 1000, bounds: BOUNDS, cumulative: latency.cumulative(BOUNDS_MS) }
}
