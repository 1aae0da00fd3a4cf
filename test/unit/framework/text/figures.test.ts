import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, duration, megabytes } from '../../../../framework/text/figures.ts'

test('numbers and durations are for people', () => {
  assert.deepEqual([count(1, 'gap'), count(1000, 'record'), megabytes(123_456_789)], ['1 gap', '1,000 records', '123.5'])
  assert.deepEqual([999, 61_000, 3_660_000, 86_400_000 + 7_300_000].map(duration), ['0 s', '1 min 1 s', '1 h 1 min', '1 d 2 h'])
})
