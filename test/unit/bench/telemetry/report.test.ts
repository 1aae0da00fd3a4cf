import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CopyResult } from '../../../bench/results.ts'
import { ratios } from '../../../bench/telemetry/report.ts'

const copy = (round: number, lateMbPerSecond: number): CopyResult => ({
  contestant: 'isthmus',
  workload: 'small-3k',
  round,
  mbPerSecond: 1,
  lateMbPerSecond,
  copySeconds: 1,
  startToFirstSeconds: 1,
  targetLogMb: 1,
  extraRecords: 0,
  exitCode: 0,
})

test('a copy is compared with the one without telemetry of its own round; one without such is left out', () => {
  const off = [copy(1, 100), copy(2, 200), copy(3, 400)]
  const measured = [copy(1, 98), copy(2, 202), copy(3, 400), copy(4, 1)]
  assert.equal(
    ratios(measured, off, ({ lateMbPerSecond }) => lateMbPerSecond),
    '1.000 (0.98–1.01)',
  )
  assert.equal(
    ratios([], off, ({ lateMbPerSecond }) => lateMbPerSecond),
    '–',
  )
})
