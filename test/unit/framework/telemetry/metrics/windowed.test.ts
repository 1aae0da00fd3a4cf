import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Rates, Windowed } from '../../../../../framework/telemetry/metrics/index.ts'

test('a window forgets what is older than a minute and keeps what is younger than half of one', () => {
  const windowed = new Windowed()
  windowed.record(5, 9, 100_000)
  windowed.record(1, 2, 120_000)
  assert.deepEqual([windowed.last, windowed.min(125_000), windowed.max(125_000), windowed.average(125_000)], [1, 1, 9, 4.25])
  windowed.record(3, 3, 135_000)
  assert.deepEqual([windowed.min(135_000), windowed.max(135_000)], [1, 9])
  assert.deepEqual([windowed.min(166_000), windowed.max(166_000), windowed.average(166_000)], [3, 3, 3])
  assert.deepEqual([windowed.last, windowed.max(230_000), windowed.average(230_000)], [3, Number.NaN, Number.NaN])
})

test('without values all are NaN', () => {
  const windowed = new Windowed()
  assert.deepEqual([windowed.last, windowed.min(0), windowed.max(0), windowed.average(0)], Array(4).fill(Number.NaN))
})

test('a rate is over the last 30 to 60 seconds, however often it is looked at', () => {
  const rates = new Rates<object>()
  const key = {}
  assert.equal(rates.of(key, 100, 0), 0)
  assert.equal(rates.of(key, 200, 10_000), 10)
  assert.equal(rates.of(key, 400, 30_000), 10)
  assert.equal(rates.of(key, 400, 50_000), 6)
  assert.equal(rates.of(key, 400, 60_000), 0)
  assert.equal(rates.of(key, 1000, 75_000), 600 / 45)
})
