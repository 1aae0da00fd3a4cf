import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../../framework/api/index.ts'
import {
  type ConnectorStatus,
  healthOf,
  PartitionRegistry,
  RecordErrorCounts,
  type TaskStatus,
} from '../../../../../framework/runtime/index.ts'
import { connectorReport, type NewEvent, WorkerWatch } from '../../../../../framework/runtime/status-report/index.ts'

const broken = new ConnectError('BROKEN', 'the disk is full', { kind: 'fatal', stage: 'poll' })

function connector(task: Partial<TaskStatus> = {}, own: Partial<ConnectorStatus> = {}): ConnectorStatus {
  const registry = new PartitionRegistry()
  return {
    name: 'lines',
    state: 'RUNNING',
    sinceMs: 0,
    restarts: 0,
    totals: registry.totals(),
    kind: 'source',
    retries: [],
    tasks: [
      {
        taskId: 'lines-0',
        state: 'RUNNING',
        sinceMs: 0,
        restarts: 0,
        commitFailures: 0,
        lastCommitMs: 0,
        lastActivityMs: 0,
        usedBytes: 0,
        windowBytes: 1,
        totals: registry.totalsOf('lines-0'),
        recordErrors: new RecordErrorCounts(),
        partitions: [],
        ...task,
      },
    ],
    ...own,
  }
}

function watched(...looks: readonly ConnectorStatus[]): readonly (readonly unknown[])[] {
  const events: NewEvent[] = []
  const watch = new WorkerWatch(event => events.push(event))
  for (const look of looks) watch.look({ connectors: [look] })
  return events.map(({ severity, kind, code }) => [severity, kind, code])
}

const failed = { lastFailure: { error: broken, atMs: 5 }, error: broken }

test('a task that fails, is started again and runs again is two events', () => {
  const looks = [
    connector(),
    connector({ state: 'RESTARTING', ...failed }),
    connector({ state: 'STARTING', ...failed }),
    connector({ lastFailure: { error: broken, atMs: 5 } }),
    connector({ lastFailure: { error: broken, atMs: 5 } }),
  ]
  assert.deepEqual(watched(...looks), [
    ['warning', 'task-failed', 'BROKEN'],
    ['ok', 'task-running', undefined],
  ])
})

test('a failure between two looks is not missed', () => {
  assert.deepEqual(watched(connector(), connector({ lastFailure: { error: broken, atMs: 5 } })), [
    ['warning', 'task-failed', 'BROKEN'],
    ['ok', 'task-running', undefined],
  ])
})

test('a task that has failed for good needs somebody', () => {
  assert.deepEqual(watched(connector({ state: 'FAILED', ...failed })), [['error', 'task-failed', 'BROKEN']])
  const report = connectorReport(connector({ state: 'FAILED', ...failed }))
  assert.equal(report.severity, 'error')
  assert.deepEqual(report.tasks[0]?.error, { code: 'BROKEN', message: 'the disk is full', atMs: 5 })
})

test('an error that a running connector reports is a warning until it is gone', () => {
  const reporting = connector({}, { error: broken })
  assert.deepEqual(watched(connector(), reporting, reporting, connector()), [
    ['warning', 'connector-failed', 'BROKEN'],
    ['ok', 'connector-running', undefined],
  ])
  assert.equal(connectorReport(reporting).severity, 'warning')
  assert.equal(healthOf({ connectors: [reporting] }).state, 'DEGRADED')
})

test('offsets that cannot be stored are seen while they cannot, and said to be stored again', () => {
  const failing = connector({ commitFailures: 3, commitFailure: { error: broken, atMs: 7 } })
  assert.deepEqual(watched(connector(), failing, failing, connector({ commitFailures: 3 })), [
    ['warning', 'commit-failed', 'BROKEN'],
    ['ok', 'committed', undefined],
  ])
  assert.equal(connectorReport(failing).severity, 'warning')
  assert.deepEqual(healthOf({ connectors: [failing] }), {
    state: 'DEGRADED',
    reasons: ['the disk is full'],
    connectors: [{ name: 'lines', state: 'DEGRADED', reasons: ['the disk is full'] }],
  })
})

test('partitions that make no progress degrade a worker', () => {
  const entry = new PartitionRegistry().claim({ topic: 'orders', partition: 0 }, 'lines-0')
  entry.retrying('no leader')
  const retrying = connector({ partitions: [entry] })
  assert.deepEqual(healthOf({ connectors: [retrying] }).reasons, [
    '1 of 1 partitions of task lines-0 make no progress, first: no leader',
  ])
  const { severity, tasks, partitions } = connectorReport(retrying)
  assert.deepEqual([severity, tasks[0]?.severity, partitions?.byState], ['warning', 'warning', { RETRYING: 1 }])
})
