import type { StatusReport } from '../../../../../framework/api/status-report.ts'
import { AT_MS, flow, partition, report } from './reports.ts'

/** That of the README. */
export function exampleReport(): StatusReport {
  const refused = 'backup-2:9092 closed the connection'
  const retrying = partition({
    name: 'orders-3',
    state: 'RETRYING',
    severity: 'warning',
    sinceMs: AT_MS - 12_000,
    cause: refused,
    lagRecords: 4_321,
    oldestAgeMs: 12_500,
    retries: 3,
  })
  const shown = [retrying, partition({ name: 'payments.eu-0', lagRecords: 310, oldestAgeMs: 1_200 })]
  return report({
    health: { state: 'DEGRADED', reasons: [`Flow primary->backup: 1 partition makes no progress, first: ${refused}`] },
    flows: [
      flow({
        severity: 'warning',
        lagRecords: 4_631,
        oldestAgeMs: 12_500,
        partitions: { count: 12, byState: { COPYING: 11, RETRYING: 1 }, gaps: 0, gapRecords: 0, shown, omitted: 0 },
        groups: {
          count: 3,
          exact: 34,
          low: 2,
          none: 0,
          sync: { lastMs: AT_MS - 3_000, refused: 1 },
          shown: [
            {
              name: 'billing',
              severity: 'warning',
              exact: 12,
              low: 0,
              none: 0,
              cause: 'it has members on backup',
              positions: [],
            },
          ],
          omitted: 2,
        },
      }),
    ],
    events: [
      {
        severity: 'warning',
        kind: 'retrying',
        firstMs: AT_MS - 72_000,
        lastMs: AT_MS - 12_000,
        count: 3,
        flow: 'primary->backup',
        partition: 'orders-3',
        message: refused,
      },
    ],
  })
}
