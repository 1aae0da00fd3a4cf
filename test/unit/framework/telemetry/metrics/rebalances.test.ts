import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Rebalances } from '../../../../../framework/telemetry/metrics/index.ts'

test('attempts to join count as one rebalance, from the first of them', t => {
  t.mock.timers.enable({ apis: ['Date'], now: 5_000 })
  let now = 100
  t.mock.method(performance, 'now', () => now)
  const rebalances = new Rebalances()
  assert.deepEqual([rebalances.count, rebalances.isUnderway, rebalances.lastMs], [0, false, 0])
  rebalances.begun()
  now = 250
  rebalances.begun()
  assert.equal(rebalances.isUnderway, true)
  now = 400
  rebalances.completed(7)
  assert.deepEqual(
    [rebalances.count, rebalances.isUnderway, rebalances.sumMs, rebalances.lastTookMs, rebalances.lastMs, rebalances.generation],
    [1, false, 300, 300, 5_000, 7],
  )
})

test('what was given up does not count, nor does its time', t => {
  let now = 100
  t.mock.method(performance, 'now', () => now)
  const rebalances = new Rebalances()
  rebalances.begun()
  rebalances.ended()
  now = 900
  rebalances.completed(1)
  assert.deepEqual([rebalances.count, rebalances.sumMs, rebalances.isUnderway], [0, 0, false])
})
