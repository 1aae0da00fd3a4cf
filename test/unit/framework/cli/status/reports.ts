import type {
  ConnectorReport,
  FlowReport,
  PartitionReport,
  StatusReport,
  TaskReport,
} from '../../../../../framework/api/status-report.ts'

/** 2026-11-14T12:03:04Z. */
export const AT_MS = Date.UTC(2026, 10, 14, 12, 3, 4)
const MINUTE_MS = 60_000

export function partition(changes: Partial<PartitionReport> = {}): PartitionReport {
  return {
    name: 'orders-0',
    state: 'COPYING',
    severity: 'ok',
    sinceMs: AT_MS - 5 * MINUTE_MS,
    records: 1_000_000,
    bytes: 1e9,
    lagRecords: 0,
    gaps: 0,
    gapRecords: 0,
    retries: 0,
    ...changes,
  }
}

export function flow(changes: Partial<FlowReport> = {}): FlowReport {
  return {
    name: 'primary->backup',
    source: 'primary',
    target: 'backup',
    role: 'copy',
    state: 'RUNNING',
    severity: 'ok',
    sinceMs: AT_MS - 192 * MINUTE_MS,
    records: 5_000_000,
    bytes: 5e9,
    recordsPerSecond: 98_765.4,
    bytesPerSecond: 123_456_789,
    lagRecords: 1_234_567,
    oldestAgeMs: 63_000,
    hopLatency: { p50Ms: 2.94, p99Ms: 41.2 },
    partitions: { count: 12, byState: { COPYING: 12 }, gaps: 0, gapRecords: 0, shown: [], omitted: 0 },
    ...changes,
  }
}

export function task(changes: Partial<TaskReport> = {}): TaskReport {
  return {
    id: 'MirrorSourceConnector-0',
    state: 'RUNNING',
    severity: 'ok',
    sinceMs: AT_MS - 192 * MINUTE_MS,
    restarts: 0,
    lastActivityMs: AT_MS - 1_000,
    lastCommitMs: AT_MS - 2_000,
    commitFailures: 0,
    windowUsedBytes: 4 * 2 ** 20,
    windowBytes: 16 * 2 ** 20,
    recordErrors: 0,
    recordsSkipped: 0,
    ...changes,
  }
}

export function connector(changes: Partial<ConnectorReport> = {}): ConnectorReport {
  return {
    flow: 'primary->backup',
    name: 'MirrorSourceConnector',
    kind: 'source',
    state: 'RUNNING',
    severity: 'ok',
    sinceMs: AT_MS - 192 * MINUTE_MS,
    restarts: 0,
    records: 5_000_000,
    bytes: 5e9,
    lagRecords: 1_234_567,
    tasks: [task()],
    ...changes,
  }
}

export function report(changes: Partial<StatusReport> = {}): StatusReport {
  return {
    program: 'isthmus/0.1.0',
    startedMs: AT_MS - 192 * MINUTE_MS,
    atMs: AT_MS,
    health: { state: 'UP', reasons: [] },
    clusters: [
      { alias: 'primary', severity: 'ok' },
      { alias: 'backup', severity: 'ok' },
    ],
    flows: [flow()],
    connectors: [connector()],
    events: [],
    ...changes,
  }
}

/** Something of everything that can be wrong. */
export function troubledReport(): StatusReport {
  const refused = 'primary-2:9092 closed the connection'
  const tooLarge = 'offset 4711 has 2,000,000 bytes, max.message.bytes of the target is 1,048,588: raise it'
  return report({
    health: {
      state: 'DEGRADED',
      reasons: [
        `Flow primary->backup: 1 partition makes no progress, first: ${refused}`,
        'Flow backup->primary is RETRYING: no broker of primary answers',
      ],
    },
    clusters: [
      { alias: 'primary', severity: 'warning', cause: 'no broker answers', sinceMs: AT_MS - 90_000 },
      { alias: 'backup', severity: 'ok' },
    ],
    flows: [
      flow({
        severity: 'warning',
        cause: '2 of 12 partitions do not go on',
        partitions: {
          count: 12,
          byState: { COPYING: 9, RETRYING: 1, FAILED: 1, GAP: 1 },
          gaps: 1,
          gapRecords: 30_000,
          omitted: 7,
          shown: [
            partition({ name: 'payments-1', lagRecords: 70 }),
            partition({
              name: 'orders-3',
              state: 'RETRYING',
              severity: 'warning',
              sinceMs: AT_MS - 12_000,
              cause: refused,
              lagRecords: 4_321,
              oldestAgeMs: 12_500,
              retries: 3,
            }),
            partition({
              name: 'orders-7',
              state: 'FAILED',
              severity: 'error',
              cause: tooLarge,
              lagRecords: 1_200_000,
              oldestAgeMs: 301_000,
              retries: 1,
            }),
            partition({
              name: 'payments-0',
              lagRecords: 30_176,
              oldestAgeMs: 700,
              gaps: 1,
              gapRecords: 30_000,
              state: 'GAP',
              severity: 'warning',
              cause: 'offsets 100 to 30099 were gone before they were copied',
            }),
            partition({ name: 'payments-2' }),
          ],
        },
        groups: {
          count: 3,
          exact: 30,
          low: 4,
          none: 2,
          sync: { lastMs: AT_MS - 3_000, refused: 1 },
          shown: [
            { name: 'audit', severity: 'ok', exact: 20, low: 0, none: 0, positions: [] },
            {
              name: 'billing',
              severity: 'warning',
              exact: 10,
              low: 4,
              none: 2,
              cause: 'consumers on backup are in it',
              positions: [],
            },
          ],
          omitted: 0,
        },
        lastError: { code: 'BATCH_TOO_LARGE', message: tooLarge, atMs: AT_MS - 300_000 },
      }),
      flow({
        name: 'backup->primary',
        state: 'RETRYING',
        severity: 'warning',
        sinceMs: AT_MS - 90_000,
        cause: 'no broker of primary answers',
        role: 'heartbeats',
        partitions: { count: 0, byState: {}, gaps: 0, gapRecords: 0, shown: [], omitted: 0 },
      }),
    ],
    connectors: [
      connector(),
      connector({
        name: 'MirrorCheckpointConnector',
        state: 'FAILED',
        severity: 'warning',
        sinceMs: AT_MS - 8_000,
        restarts: 2,
        nextStartMs: AT_MS + 5_000,
        records: 0,
        bytes: 0,
        error: { code: 'NO_BROKER', message: 'no broker of primary answers', atMs: AT_MS - 8_000 },
        tasks: [
          task({ id: 'MirrorCheckpointConnector-0', state: 'STOPPED', restarts: 2, sinceMs: AT_MS - 8_000, windowUsedBytes: 0 }),
        ],
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
        code: 'CONNECTION',
        message: refused,
      },
      {
        severity: 'error',
        kind: 'failed',
        firstMs: AT_MS - 300_000,
        lastMs: AT_MS - 300_000,
        count: 1,
        flow: 'primary->backup',
        partition: 'orders-7',
        message: tooLarge,
      },
      {
        severity: 'ok',
        kind: 'flow-state',
        firstMs: AT_MS - 86_400_000,
        lastMs: AT_MS - 86_400_000,
        count: 1,
        flow: 'primary->backup',
        message: 'RUNNING',
      },
    ],
  })
}
