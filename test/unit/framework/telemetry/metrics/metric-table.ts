import { flowMetrics, mirrorMaker2Metrics } from '../../../../../connectors/mirror/observe/index.ts'
import type { Metric } from '../../../../../framework/api/index.ts'
import { connectMetrics, workerMetrics } from '../../../../../framework/runtime/metrics/index.ts'
import { exportMetrics, processMetrics } from '../../../../../framework/telemetry/metrics/index.ts'

export const allMetrics: readonly Metric[] = [
  connectMetrics,
  workerMetrics,
  mirrorMaker2Metrics,
  flowMetrics,
  exportMetrics,
  processMetrics,
].flatMap(group => Object.values<Metric>(group))

/** The table of the README, from what the code has. */
export function metricTable(): string {
  const rows = allMetrics.map(
    ({ name, kind, unit, labels, doc }) => `| \`${name}\` | ${kind} | ${unit} | ${labels.join(', ')} | ${doc} |`,
  )
  return ['| Metric | Type | Unit | Labels | Meaning |', '|---|---|---|---|---|', ...rows].join('\n')
}
