import { AT, connector, event, flow, group, names, partition, report, task } from './reports.ts'
import { chain, hub, mesh } from './topologies.ts'

const MINUTE = 60_000

const MIRROR_CONNECTORS = (flowName: string) =>
  ['MirrorSourceConnector', 'MirrorCheckpointConnector', 'MirrorHeartbeatConnector'].map(name =>
    connector(name, { flow: flowName, tasks: [task(`${name}-0`)] }),
  )

/** Everything works: primary is copied to standby, heartbeats come back. */
const healthy = report({
  clusters: [
    { alias: 'primary', severity: 'ok' },
    { alias: 'standby', severity: 'ok' },
  ],
  flows: [
    flow('primary', 'standby', {
      partitions: {
        shown: names('orders', 12).map((name, i) =>
          partition(name, { lagRecords: i < 3 ? 40 - i * 12 : 0, state: i < 3 ? 'COPYING' : 'CAUGHT_UP' }),
        ),
      },
      groups: {
        count: 2,
        exact: 20,
        low: 1,
        none: 0,
        sync: { lastMs: AT - 4_000, refused: 0 },
        shown: [group('billing', 'primary'), group('reports', 'primary', { low: 1 })],
        omitted: 0,
      },
    }),
    flow('standby', 'primary', { role: 'heartbeats', records: 0, recordsPerSecond: 0, bytesPerSecond: 0 }),
  ],
  connectors: MIRROR_CONNECTORS('primary->standby'),
  events: [
    event('flowing', 'ok', 'All partitions flow again', { flow: 'primary->standby', agoMs: 42 * MINUTE }),
    event('flow-state', 'ok', 'RUNNING', { flow: 'primary->standby', agoMs: 180 * MINUTE }),
  ],
})

const REFUSED = 'Group billing has members at west: its offsets are not touched while somebody reads there'
const UNREACHABLE = 'no broker of west-1:9092,west-2:9092 can be reached: connect ECONNREFUSED 10.1.4.7:9092'

/** Both ways, and much is wrong. */
const troubled = report({
  health: {
    state: 'DEGRADED',
    reasons: [
      `Flow east->west is RETRYING: ${UNREACHABLE}`,
      'Flow west->east: 2 of 24 partitions of task MirrorSourceConnector-0 have FAILED, first: TOPIC_AUTHORIZATION_FAILED: not authorized to read payments',
    ],
  },
  clusters: [
    { alias: 'east', severity: 'ok' },
    { alias: 'west', severity: 'error', cause: UNREACHABLE, sinceMs: AT - 3 * MINUTE - 5_000 },
  ],
  flows: [
    flow('east', 'west', {
      state: 'RETRYING',
      severity: 'error',
      cause: UNREACHABLE,
      sinceMs: AT - 3 * MINUTE - 5_000,
      lagRecords: 1_284_311,
      lagBytes: 734_003_200,
      oldestAgeMs: 3 * MINUTE + 4_000,
      recordsPerSecond: 0,
      bytesPerSecond: 0,
      partitions: {
        shown: [
          ...names('orders', 6).map(name =>
            partition(name, {
              state: 'RETRYING',
              severity: 'warning',
              cause: UNREACHABLE,
              lagRecords: 214_051,
              oldestAgeMs: 3 * MINUTE,
              retries: 37,
            }),
          ),
          ...names('audit', 6).map(name => partition(name, { lagRecords: 812 })),
        ],
      },
      groups: {
        count: 3,
        exact: 14,
        low: 3,
        none: 2,
        sync: { lastMs: AT - 4 * MINUTE, refused: 1, error: { code: 'GROUP_NOT_EMPTY', message: REFUSED, atMs: AT - 20_000 } },
        shown: [
          group('billing', 'east', { severity: 'error', cause: REFUSED, none: 2 }),
          group('reports', 'east', { low: 3 }),
          group('audit-trail', 'east'),
        ],
        omitted: 0,
      },
      lastError: { code: 'CONNECTION_FAILED', message: UNREACHABLE, atMs: AT - 2_000 },
    }),
    flow('west', 'east', {
      severity: 'warning',
      cause: '2 partitions have failed',
      lagRecords: 5_310,
      partitions: {
        shown: [
          ...names('payments', 2).map(name =>
            partition(name, {
              state: 'FAILED',
              severity: 'error',
              cause: 'TOPIC_AUTHORIZATION_FAILED: not authorized to read payments',
              sinceMs: AT - 55 * MINUTE,
            }),
          ),
          partition('clicks-4', {
            state: 'GAP',
            severity: 'warning',
            cause: 'offsets 88,120 to 91,004 were removed by retention before they were copied',
            gaps: 1,
            gapRecords: 2_885,
            lagRecords: 4_100,
          }),
          partition('sessions-0', {
            state: 'RECREATED',
            severity: 'warning',
            cause: 'the topic was deleted and created again; the copy goes on after the old records',
            gaps: 2,
            gapRecords: 61,
          }),
          ...names('clicks', 4).map(name => partition(name, { state: 'COPYING', lagRecords: 300 })),
          ...names('stock', 16).map(name => partition(name)),
        ],
        gaps: 3,
        gapRecords: 2_946,
      },
    }),
  ],
  connectors: [
    connector('MirrorSourceConnector', {
      flow: 'east->west',
      tasks: [task('MirrorSourceConnector-0', { windowUsedBytes: 33_554_432 })],
    }),
    connector('MirrorSourceConnector', {
      flow: 'west->east',
      severity: 'error',
      tasks: [
        task('MirrorSourceConnector-0', {
          state: 'RESTARTING',
          severity: 'warning',
          restarts: 4,
          error: {
            code: 'TASK_FAILED',
            message: 'the transform Mask threw: Cannot read properties of undefined (reading ‘card’)',
            atMs: AT - 9_000,
          },
          recordErrors: 3,
          recordsSkipped: 2,
        }),
        task('MirrorSourceConnector-1'),
      ],
    }),
  ],
  events: [
    event('retrying', 'warning', UNREACHABLE, {
      flow: 'east->west',
      partition: 'orders-0',
      code: 'CONNECTION_FAILED',
      agoMs: 2_000,
      count: 37,
    }),
    event('group-sync', 'error', REFUSED, { flow: 'east->west', code: 'GROUP_NOT_EMPTY', agoMs: 20_000, count: 9 }),
    event('gap', 'warning', 'offsets 88,120 to 91,004 were removed by retention before they were copied', {
      flow: 'west->east',
      partition: 'clicks-4',
      agoMs: 12 * MINUTE,
    }),
    event('failed', 'error', 'not authorized to read payments', {
      flow: 'west->east',
      partition: 'payments-0',
      code: 'TOPIC_AUTHORIZATION_FAILED',
      agoMs: 55 * MINUTE,
    }),
    event('flow-state', 'ok', 'RUNNING', { flow: 'west->east', agoMs: 300 * MINUTE }),
  ],
})

/** 5,000 partitions, of which 100 are listed. */
const large = report({
  clusters: [
    { alias: 'dc1-production', severity: 'ok' },
    { alias: 'dc2-production-with-a-long-name', severity: 'ok' },
  ],
  flows: [
    flow('dc1-production', 'dc2-production-with-a-long-name', {
      records: 98_344_120_553,
      bytes: 71_000_000_000_000,
      recordsPerSecond: 1_204_551,
      bytesPerSecond: 812_646_400,
      lagRecords: 48_120,
      partitions: {
        count: 5_000,
        byState: { COPYING: 1_912, CAUGHT_UP: 3_086, RETRYING: 2 },
        shown: [
          ...names('telemetry-of-devices-in-the-field.v2', 2).map(name =>
            partition(name, {
              state: 'RETRYING',
              severity: 'warning',
              cause: 'NOT_LEADER_OR_FOLLOWER: the leader is moving',
              lagRecords: 9_112,
              retries: 3,
            }),
          ),
          ...names('events', 98).map((name, i) =>
            partition(name, { state: 'COPYING', lagRecords: 980 - i * 10, records: 19_000_000 + i }),
          ),
        ],
        omitted: 4_900,
      },
      groups: {
        count: 240,
        exact: 11_204,
        low: 36,
        none: 0,
        sync: { lastMs: AT - 9_000, refused: 0 },
        shown: names('service', 20).map(name => group(name, 'dc1-production')),
        omitted: 220,
      },
    }),
  ],
  connectors: [
    connector('MirrorSourceConnector', {
      flow: 'dc1-production->dc2-production-with-a-long-name',
      tasks: names('MirrorSourceConnector', 8).map(id => task(id)),
    }),
  ],
})

/** A Connect worker: no flows, no clusters. */
const worker = report({
  connectors: [
    connector('orders-to-files', {
      kind: 'sink',
      state: 'FAILED',
      severity: 'error',
      restarts: 5,
      records: 120_331,
      lagRecords: 3_400,
      error: { code: 'TASK_FAILED', message: 'ENOSPC: no space left on device, write', atMs: AT - 61_000 },
      tasks: [
        task('orders-to-files-0', {
          state: 'FAILED',
          severity: 'error',
          error: { code: 'ENOSPC', message: 'no space left on device, write', atMs: AT - 61_000 },
        }),
      ],
    }),
    connector('http-feed', {
      kind: 'source',
      records: 88_231,
      tasks: [task('http-feed-0')],
      partitions: flow('a', 'b', { partitions: { shown: names('feed', 3).map(name => partition(name)) } }).partitions,
    }),
  ],
  health: { state: 'DEGRADED', reasons: ['Connector orders-to-files has FAILED: ENOSPC: no space left on device, write'] },
})

const nothing = report({ startedMs: AT - 2_000 })

export const SCENARIOS = { healthy, troubled, large, worker, nothing, hub, chain, mesh } as const
export type Scenario = keyof typeof SCENARIOS
