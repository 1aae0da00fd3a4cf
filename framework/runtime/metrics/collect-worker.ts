import type { MetricLabels, MetricSink } from '../../api/index.ts'
import type { Rebalances } from '../../telemetry/metrics/index.ts'
import type { Startups } from '../startups.ts'
import { connectMetrics } from './connect-metrics.ts'

export function collectStartups(to: MetricSink, { connectors, tasks }: Startups, labels: MetricLabels): void {
  const all = connectors.succeeded + connectors.failed
  to.add(connectMetrics.connectorStarts, labels, all)
  to.add(connectMetrics.connectorStartsDone, labels, connectors.succeeded)
  to.add(connectMetrics.connectorStartsFailed, labels, connectors.failed)
  to.add(connectMetrics.connectorStartsDoneShare, labels, connectors.succeeded / all)
  to.add(connectMetrics.connectorStartsFailedShare, labels, connectors.failed / all)
  const allTasks = tasks.succeeded + tasks.failed
  to.add(connectMetrics.taskStarts, labels, allTasks)
  to.add(connectMetrics.taskStartsDone, labels, tasks.succeeded)
  to.add(connectMetrics.taskStartsFailed, labels, tasks.failed)
  to.add(connectMetrics.taskStartsDoneShare, labels, tasks.succeeded / allTasks)
  to.add(connectMetrics.taskStartsFailedShare, labels, tasks.failed / allTasks)
}

/** Of the group that a process is in with others of its kind. */
export function collectRebalances(to: MetricSink, rebalances: Rebalances, labels: MetricLabels): void {
  const now = performance.now()
  to.add(connectMetrics.rebalances, labels, rebalances.count)
  to.add(connectMetrics.rebalancing, labels, rebalances.isUnderway ? 1 : 0)
  to.add(connectMetrics.rebalanceMax, labels, rebalances.took.max(now))
  to.add(connectMetrics.rebalanceAvg, labels, rebalances.took.average(now))
  if (rebalances.lastMs > 0) to.add(connectMetrics.rebalanceAge, labels, Date.now() - rebalances.lastMs)
  to.add(connectMetrics.rebalanceEpoch, labels, rebalances.generation)
}
