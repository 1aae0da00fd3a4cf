import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StatusReport } from '../../framework/api/index.ts'
import { troublesOf } from '../../framework/rest/page/troubles.js'
import { connector, flow, partition, task } from './reports.ts'
import { SCENARIOS } from './scenarios.ts'

const sentences = (report: Partial<StatusReport>): string[] =>
  troublesOf({ ...SCENARIOS.nothing, ...report }).map(({ severity, subject, text, about, cause }) =>
    [`${severity}:`, subject, text, about === undefined ? '' : `(${about})`, cause].filter(Boolean).join(' '),
  )

test('a reason of the health that nothing else says is said as it is; one that is said is not said again', () => {
  const failed = partition('orders-1', { state: 'FAILED', severity: 'error', cause: 'not authorized' })
  const reasons = [
    'Flow a->b: 1 of 1 partitions of task t-0 have FAILED, first: not authorized',
    'Flow a->b: something that the page knows nothing of',
  ]
  const health = { state: 'DEGRADED', reasons } as const
  assert.deepEqual(sentences({ health, flows: [flow('a', 'b', { partitions: { shown: [failed] } })] }), [
    'error: Flow a → b: 1 partition has failed and is not copied (orders-1) not authorized',
    'warning: Flow a → b: something that the page knows nothing of',
  ])
})

test('each part that is in trouble is named: flow, group, connector, task', () => {
  const blocked = flow('a', 'b', { state: 'BLOCKED', severity: 'error', cause: 'another program is in the group' })
  const cannotSync = flow('b', 'a', {
    groups: {
      count: 1,
      exact: 0,
      low: 0,
      none: 1,
      sync: { refused: 0, lastMs: 5, error: { code: 'X', message: 'not authorized', atMs: 9 } },
      shown: [],
      omitted: 0,
    },
  })
  const failing = task('t-0', {
    state: 'FAILED',
    severity: 'error',
    restarts: 2,
    error: { code: 'E', message: 'no space left', atMs: 1 },
  })
  assert.deepEqual(
    sentences({ flows: [blocked, cannotSync], connectors: [connector('c', { severity: 'error', tasks: [failing] })] }),
    [
      'error: Flow a → b is blocked another program is in the group',
      'error: Task t-0 has failed after 2 restarts no space left',
      'warning: Flow b → a: consumer groups could not be set not authorized',
    ],
  )
})

test('trouble with groups that is over is not told', () => {
  const sync = { refused: 0, lastMs: 9, error: { code: 'X', message: 'not authorized', atMs: 5 } }
  assert.deepEqual(
    sentences({ flows: [flow('a', 'b', { groups: { count: 1, exact: 1, low: 0, none: 0, sync, shown: [], omitted: 0 } })] }),
    [],
  )
})
