import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MetricSink } from '../../../../../framework/api/index.ts'
import { PartitionRegistry, RecordErrorCounts, type WorkerStatus } from '../../../../../framework/runtime/index.ts'
import { WorkerMetricsSource } from '../../../../../framework/runtime/metrics/index.ts'
import { Rebalances } from '../../../../../framework/telemetry/metrics/index.ts'

const TASK = 'orders-0'

/** One sink with one task. */
function statusOf(registry: PartitionRegistry): WorkerStatus {
  const task = {
    taskId: TASK,
    state: 'RUNNING',
    sinceMs: 0,
    restarts: 0,
    commitFailures: 0,
    lastCommitMs: 0,
    lastActivityMs: 0,
    usedBytes: 0,
    windowBytes: 1,
    totals: registry.totalsOf(TASK),
    recordErrors: new RecordErrorCounts(),
    partitions: registry.ownedBy(TASK),
  } as const
  const connector = { name: 'orders', state: 'RUNNING', sinceMs: 0, restarts: 0, kind: 'sink', className: 'a.b.Sink' } as const
  const startups = { connectors: { succeeded: 3, failed: 1 }, tasks: { succeeded: 0, failed: 0 } }
  return { connectors: [{ ...connector, totals: registry.totals(), retries: registry.retries, tasks: [task] }], startups }
}

function collected(registry: PartitionRegistry, rebalances?: Rebalances): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const sink: MetricSink = {
    add: ({ name }, labels, value) => found.set([name, ...Object.values(labels)].join(' '), value),
    addHistogram: ({ name }, labels, { count }) => found.set([name, ...Object.values(labels)].join(' '), count),
  }
  new WorkerMetricsSource({ status: () => statusOf(registry), ...(rebalances && { rebalances }) }).collect(sink)
  return found
}

test('starts are counted, and their shares are of all that ended; NaN where none did', () => {
  const found = collected(new PartitionRegistry())
  const startups = (what: string) =>
    ['attempts_total', 'success_percentage', 'failure_percentage'].map(name =>
      found.get(`kafka_connect_worker_${what}_startup_${name}`),
    )
  assert.deepEqual(startups('connector'), [4, 0.75, 0.25])
  assert.deepEqual(startups('task'), [0, Number.NaN, Number.NaN])
})

test('all stages of a kind are there before the first batch, so that a rate sees all of it', () => {
  const found = collected(new PartitionRegistry())
  const stages = [...found.keys()].filter(key => key.startsWith('isthmus_task_stage_seconds')).map(key => key.split(' ').at(-1))
  assert.deepEqual(stages, ['fetch', 'wait', 'transform', 'deliver', 'commit'])
})

test('the lag of a sink is that of its worst partition, and lost records are counted whoever owns them', () => {
  const registry = new PartitionRegistry()
  registry.claim({ topic: 'a', partition: 0 }, TASK).lagRecords = 7
  registry.claim({ topic: 'a', partition: 1 }, TASK).lagRecords = 3
  registry.claim({ topic: 'b', partition: 0 }, 'orders-1').gap(5, 'gone')
  const found = collected(registry)
  assert.equal(found.get('kafka_connect_sink_task_sink_record_lag_max orders 0'), 7)
  assert.equal(found.get('isthmus_lost_records_total orders'), 5)
  assert.equal(found.get('isthmus_lost_records orders'), 0, 'nobody reads it here')
})

test('a worker in no group of workers has no rebalances; one that is in one tells of them from the start', () => {
  const name = 'kafka_connect_worker_rebalance_completed_rebalances_total'
  assert.equal(collected(new PartitionRegistry()).has(name), false)
  const rebalances = new Rebalances()
  rebalances.begun()
  const found = collected(new PartitionRegistry(), rebalances)
  assert.deepEqual([found.get(name), found.get('kafka_connect_worker_rebalance_rebalancing')], [0, 1])
  assert.equal(found.has('kafka_connect_worker_rebalance_time_since_last_rebalance_ms'), false)
})

test('series of a connector have its class, as it was written', () => {
  const found = collected(new PartitionRegistry())
  assert.equal(found.get('kafka_connect_connector_connector_class orders a.b.Sink'), 1)
  assert.equal(found.get('kafka_connect_connector_connector_version orders unknown'), 1)
})
