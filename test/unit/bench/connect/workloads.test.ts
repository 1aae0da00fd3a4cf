import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineOf, VALUE_BYTES } from '../../../bench/connect/workloads.ts'

test('every record is JSON of a hundred bytes, and no two are the same', () => {
  const numbers = [0, 1, 899, 900, 999_999, 49_999_999]
  const lines = numbers.map(lineOf)
  assert.deepEqual(
    lines.map(line => Buffer.byteLength(line)),
    numbers.map(() => VALUE_BYTES),
  )
  const ids = lines.map(line => (JSON.parse(line) as { id: number }).id)
  assert.equal(new Set(ids).size, numbers.length)
})

test('fields are as long as those of any other record, whoever prints them: lines can be counted by their size', () => {
  const lengthsOf = (n: number): readonly number[] =>
    Object.values(JSON.parse(lineOf(n)) as Record<string, unknown>).map(value => String(value).length)
  for (let n = 1; n < 2_000; n++) assert.deepEqual(lengthsOf(n), lengthsOf(0))
})
