import assert from 'node:assert/strict'
import { test } from 'node:test'
import { turnNow } from '../../../../framework/flow/index.ts'

test('one time for all that is done without waiting, another after a wait', async () => {
  const first = turnNow()
  while (performance.now() - first < 3);
  assert.equal(turnNow(), first)
  await Promise.resolve()
  assert.ok(turnNow() >= first + 3)
})
