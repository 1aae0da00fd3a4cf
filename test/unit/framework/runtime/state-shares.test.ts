import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StateShares } from '../../../../framework/runtime/state-shares.ts'

test('each state has its share of the time, the present one included', () => {
  const shares = new StateShares()
  shares.begin('STARTING', 1_000)
  assert.equal(shares.of('STARTING', 1_000), 1)
  shares.to('RUNNING', 1_100)
  shares.to('PAUSED', 1_600)
  shares.to('RUNNING', 1_800)
  assert.deepEqual(
    (['STARTING', 'RUNNING', 'PAUSED', 'FAILED'] as const).map(state => shares.of(state, 2_000)),
    [0.1, 0.7, 0.2, 0],
  )
})

test('a task that is configured anew begins anew', () => {
  const shares = new StateShares()
  shares.begin('RUNNING', 0)
  shares.to('PAUSED', 500)
  shares.begin('STARTING', 1_000)
  shares.to('RUNNING', 1_250)
  assert.equal(shares.of('PAUSED', 2_000), 0)
  assert.equal(shares.of('RUNNING', 2_000), 0.75)
})
