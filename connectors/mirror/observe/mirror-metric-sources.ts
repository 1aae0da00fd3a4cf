import type { MetricSource } from '../../../framework/api/index.ts'
import { defaultPartitionChoice, type PartitionChoice, WorkerMetricsSource } from '../../../framework/runtime/metrics/index.ts'
import { FlowMetricsSource } from './flow-metrics-source.ts'
import { mirrorHealth } from './mirror-health.ts'
import type { ObservedFlow } from './observed-flow.ts'

/** All metrics of flows in one process. @param choice its `max` holds for all flows together, in equal shares */
export function mirrorMetrics(
  flows: readonly ObservedFlow[],
  { shown, max }: PartitionChoice = defaultPartitionChoice,
): readonly MetricSource[] {
  const choice = { shown, max: Math.ceil(max / Math.max(1, flows.length)) }
  return flows.flatMap(flow => [
    new FlowMetricsSource(flow, choice),
    new WorkerMetricsSource(
      {
        flow: flow.name,
        status: () => flow.worker(),
        rebalances: flow.observations.rebalances,
        health: () => mirrorHealth([flow]).state,
        partitions: () => flow.entries().map(entry => ({ connector: flow.connector, entry })),
      },
      choice,
    ),
  ])
}
