import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommitTotals } from '../../../../framework/runtime/commit-totals.ts'

test('commits are counted and timed by how they end, and whoever else wants to know is told', t => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const totals = new CommitTotals()
  const told: unknown[] = []
  const refused = new Error('refused')
  const first = totals.begun(error => told.push(error))
  now = 30
  first()
  const second = totals.begun(error => told.push(error))
  now = 40
  second(refused)
  assert.deepEqual([totals.completed, totals.failed, told], [1, 1, [undefined, refused]])
  assert.deepEqual([totals.time.max(now), totals.time.average(now), totals.outcomes.average(now)], [30, 20, 0.5])
  assert.deepEqual([totals.latency.count, totals.latency.sumMs], [2, 40])
})
