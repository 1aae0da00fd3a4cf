import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FirstOf } from '../../../../../framework/runtime/status-report/index.ts'

test('the first few of many are those of a full sort, whatever order they come in', () => {
  const numbers = Array.from({ length: 1_000 }, (_, i) => (i * 7_919) % 1_009)
  const sorted = [...numbers].sort((a, b) => a - b).slice(0, 10)
  for (const order of [numbers, [...numbers].sort((a, b) => a - b), [...numbers].sort((a, b) => b - a)]) {
    const first = new FirstOf<number>(10, (a, b) => a - b)
    for (const number of order) first.add(number)
    assert.deepEqual(first.list(), sorted)
  }
})

test('fewer than asked for are all there, in order', () => {
  const first = new FirstOf<number>(10, (a, b) => a - b)
  for (const number of [3, 1, 2]) first.add(number)
  assert.deepEqual(first.list(), [1, 2, 3])
})
