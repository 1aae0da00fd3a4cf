import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LatencyHistogram } from '../../../../../framework/telemetry/metrics/index.ts'

test('quantiles lie within 7 % of the true ones', () => {
  for (const scale of [1, 30, 10_000]) {
    const histogram = new LatencyHistogram()
    for (let i = 1; i <= 1_000; i++) histogram.record(i * scale)
    for (const q of [0.5, 0.9, 0.99]) {
      const error = Math.abs(histogram.quantileMs(q) / (q * 1_000 * scale) - 1)
      assert.ok(error < 0.07, `p${q * 100} × ${scale}: ${error}`)
    }
    assert.equal(histogram.averageMs, 500.5 * scale)
    assert.equal(histogram.lastMs, 1_000 * scale)
  }
})

test('adds up, starts anew, takes clocks that run backwards and years', () => {
  const histogram = new LatencyHistogram()
  assert.deepEqual([histogram.quantileMs(0.5), histogram.averageMs], [0, 0])
  histogram.record(-5)
  histogram.record(3e11)
  const sum = new LatencyHistogram()
  sum.add(histogram)
  sum.add(histogram)
  assert.equal(sum.count, 4)
  assert.equal(sum.quantileMs(0.25), 0)
  assert.ok(sum.quantileMs(1) > 1e8)
  sum.reset()
  assert.equal(sum.count, 0)
})
