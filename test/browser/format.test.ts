import assert from 'node:assert/strict'
import { test } from 'node:test'
import { age, bytes, count, duration, plural, rate, short, stateName, tight } from '../../framework/rest/page/format.js'

test('numbers are grouped, and short where they are large', () => {
  assert.deepEqual([0, 12_345, 98_344_120_553].map(count), ['0', '12,345', '98,344,120,553'])
  assert.deepEqual([9_999, 10_000, 1_284_311].map(short), ['9,999', '10K', '1.28M'])
  assert.deepEqual([999, 1_843].map(tight), ['999', '1.84K'])
  assert.deepEqual([count(undefined), count(null)], ['–', '–'])
  assert.deepEqual([plural(1, 'partition'), plural(5_000, 'partition')], ['1 partition', '5,000 partitions'])
})

test('rates below ten have a digit more, bytes a unit of 1,024', () => {
  assert.deepEqual(
    [0, 0.25, 9.94, 1_843.4].map(value => rate(value)),
    ['0/s', '0.3/s', '9.9/s', '1,843/s'],
  )
  assert.deepEqual([0, 1_023, 1_024, 1_536, 812_646_400].map(bytes), ['0 B', '1,023 B', '1 KiB', '1.5 KiB', '775 MiB'])
})

test('durations have the two units that matter', () => {
  const lengths = [0, 6.24, 850, 1_600, 12_900, 185_000, 180_000, 7_500_000, 273_600_000]
  assert.deepEqual(lengths.map(duration), [
    '0 ms',
    '6.2 ms',
    '850 ms',
    '1.6 s',
    '12 s',
    '3 min 5 s',
    '3 min',
    '2 h 5 min',
    '3 d 4 h',
  ])
  assert.deepEqual([200, 1_900, 59_999].map(age), ['1 s', '1 s', '59 s'])
  assert.equal(stateName('CAUGHT_UP'), 'Caught up')
})
