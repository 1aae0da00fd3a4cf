import type { MetricLabels, MetricSink } from '../../api/index.ts'
import type { LatencyHistogram } from '../../telemetry/metrics/index.ts'
import type { TaskTotals } from '../task-totals.ts'
import { coarseHistogramOf } from './histograms.ts'
import { workerMetrics } from './worker-metrics.ts'

type Stage = 'fetch' | 'wait' | 'transform' | 'produce' | 'deliver' | 'commit'

/** Where the time of a task's batches goes. All stages from the start: a rate does not see what a series begins with. */
export function collectStages(
  to: MetricSink,
  { fetching, waiting, transforming, ackLatency, commits }: TaskTotals,
  kind: 'source' | 'sink',
  labelsOf: (stage: Stage) => MetricLabels,
): void {
  const stages: readonly (readonly [Stage, LatencyHistogram])[] = [
    ['fetch', fetching],
    ['wait', waiting],
    ['transform', transforming],
    [kind === 'source' ? 'produce' : 'deliver', ackLatency],
    ['commit', commits.latency],
  ]
  for (const [stage, times] of stages) {
    to.addHistogram(workerMetrics.stage, labelsOf(stage), coarseHistogramOf(times))
  }
}
