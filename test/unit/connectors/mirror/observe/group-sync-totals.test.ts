import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GroupSyncTotals, nothingSynced } from '../../../../../connectors/mirror/observe/index.ts'

test('groups that are set or refused add up over all runs; what is left as it was is that of the last run over all groups', t => {
  t.mock.timers.enable({ apis: ['Date'], now: 9_000 })
  const totals = new GroupSyncTotals()
  totals.add({ set: 3, offsets: 9, refused: 1, skipped: { in_use: 2, ahead: 1, past_end: 0 } }, 'all', 40)
  t.mock.timers.tick(1_000)
  totals.add({ set: 1, offsets: 2, refused: 0, skipped: { in_use: 0, ahead: 0, past_end: 0 } }, 'some', 5)
  assert.deepEqual([totals.set, totals.offsets, totals.refused, totals.runs], [4, 11, 1, 1])
  assert.deepEqual([totals.skipped, totals.lastRunMs, totals.lastTookMs], [{ in_use: 2, ahead: 1, past_end: 0 }, 9_000, 40])
  totals.add(nothingSynced(), 'all', 3)
  assert.deepEqual([totals.skipped, totals.lastRunMs, totals.runs], [{ in_use: 0, ahead: 0, past_end: 0 }, 10_000, 2])
})
