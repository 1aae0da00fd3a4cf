import type { MetricLabels, MetricSink } from '../../api/index.ts'
import type { LatencyHistogram } from '../latency-histogram.ts'
import type { TaskTotals } from '../task-totals.ts'
import { coarseHistogramOf } from './histograms.ts'
import { workerMetrics } from './worker-metrics.ts'

type Stage = 'fetch' | 'wait' | 'transform' | 'produce' | 'deliver' | 'commit'

/** Where the time of a task's batches goes. Stages that it does not have are left out. */
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
    if (times.count > 0) to.addHistogram(workerMetrics.stage, labelsOf(stage), coarseHistogramOf(times))
  }
}
