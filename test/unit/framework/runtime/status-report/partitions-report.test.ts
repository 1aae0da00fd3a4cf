import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../../framework/api/index.ts'
import { PartitionRegistry } from '../../../../../framework/runtime/index.ts'
import { summarizePartitions } from '../../../../../framework/runtime/status-report/index.ts'

function partitions(count: number) {
  const task = new PartitionRegistry().view('mirror-0')
  return Array.from({ length: count }, (_, partition) => {
    const entry = task.entry({ cluster: 'A', topic: 'orders', partition })
    entry.acked(10, 1_000)
    entry.lagRecords = partition
    if (partition > 0) entry.waitingSinceMs = 1_000_000
    return entry
  })
}

test('those that need attention come first, then those that lag most; the others are counted', () => {
  const entries = partitions(500)
  entries[7]!.failed(new ConnectError('TOO_LARGE', 'too large', { kind: 'fatal', stage: 'poll' }))
  entries[3]!.retrying('no leader', 'target', 'NO_LEADER')
  entries[4]!.gap(12, 'twelve records are gone')
  const { report } = summarizePartitions(entries, 1_005_000)
  assert.deepEqual([report.count, report.shown.length, report.omitted], [500, 100, 400])
  assert.deepEqual(report.byState, { COPYING: 497, FAILED: 1, RETRYING: 1, GAP: 1 })
  assert.deepEqual([report.gaps, report.gapRecords], [1, 12])
  assert.deepEqual(
    report.shown.slice(0, 5).map(({ name, state, severity, cause }) => [name, state, severity, cause]),
    [
      ['orders-7', 'FAILED', 'error', 'too large'],
      ['orders-4', 'GAP', 'warning', 'twelve records are gone'],
      ['orders-3', 'RETRYING', 'warning', 'no leader'],
      ['orders-499', 'COPYING', 'ok', undefined],
      ['orders-498', 'COPYING', 'ok', undefined],
    ],
  )
})

test('sums are over all partitions, not over those shown', () => {
  const summary = summarizePartitions(partitions(500), 1_005_000)
  assert.equal(summary.lagRecords, (499 * 500) / 2)
  assert.equal(summary.lagBytes, 100 * ((499 * 500) / 2))
  assert.equal(summary.oldestAgeMs, 5_000)
})

test('what is not known is absent', () => {
  const [entry] = partitions(1)
  entry!.lagRecords = -1
  const { report, ...sums } = summarizePartitions([entry!], 1_005_000)
  assert.deepEqual(sums, { lagRecords: undefined, lagBytes: undefined, oldestAgeMs: undefined, replicationLatency: undefined })
  assert.ok(!('lagRecords' in report.shown[0]!) && !('oldestAgeMs' in report.shown[0]!))
})

test('that nothing lags is known of all or not at all; what is known to lag counts without the rest', () => {
  const [none, unknown, some] = partitions(3)
  unknown!.lagRecords = -1
  const { lagRecords, lagBytes, oldestAgeMs } = summarizePartitions([none!, unknown!])
  assert.deepEqual([lagRecords, lagBytes, oldestAgeMs], [undefined, undefined, undefined])
  assert.equal(summarizePartitions([unknown!, some!]).lagRecords, 2)
})

test('latency of the flow weighs each batch alike, whatever partition it was of', () => {
  const [a, b] = partitions(2)
  const now = performance.now()
  for (let i = 0; i < 9; i++) a!.replicationLatency.record(10, 10, now)
  b!.replicationLatency.record(110, 110, now)
  assert.deepEqual(summarizePartitions([a!, b!]).replicationLatency, { avgMs: 20, maxMs: 110 })
})
