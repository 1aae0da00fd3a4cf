import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RestartPolicy } from '../../../../framework/runtime/index.ts'

test('growing delays, at most so many within the span, and again when it has passed', () => {
  let now = 0
  const policy = new RestartPolicy(
    { max: 3, withinMs: 1_000, initialDelayMs: 10, maxDelayMs: 25 },
    () => now,
    () => 0.5,
  )
  assert.deepEqual([policy.next(), policy.next(), policy.next(), policy.next()], [10, 20, 25, undefined])
  now = 1_000
  assert.equal(policy.next(), 10)
  assert.equal(policy.total, 4)
  assert.equal(new RestartPolicy({ max: 0, withinMs: 1, initialDelayMs: 1, maxDelayMs: 1 }).next(), undefined)
})
