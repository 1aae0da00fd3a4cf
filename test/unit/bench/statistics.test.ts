import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeSpread, readable, spread } from '../../bench/statistics.ts'

test('the median of an odd number of values is the middle one, of an even number the mean of the middle two', () => {
  assert.deepEqual(spread([5, 1, 3]), { median: 3, min: 1, max: 5, runs: 3 })
  assert.deepEqual(spread([4, 1, 2, 10]), { median: 3, min: 1, max: 10, runs: 4 })
  assert.equal(spread([]), undefined)
})

test('figures keep about three digits', () => {
  assert.deepEqual([1234.5, 123.4, 12.34, 1.234, 0.1234].map(readable), ['1235', '123', '12.3', '1.23', '0.123'])
})

test('a spread is told only where there is one', () => {
  assert.equal(describeSpread(spread([12.34])), '12.3')
  assert.equal(describeSpread(spread([11, 12, 14])), '12.0 (11.0–14.0)')
  assert.equal(describeSpread(undefined), '–')
})
