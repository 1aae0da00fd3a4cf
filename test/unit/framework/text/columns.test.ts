import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columns } from '../../../../framework/text/columns.ts'
import { cut, widthOf } from '../../../../framework/text/width.ts'

test('columns: numbers to the right, texts to the left, no blanks at the end', () => {
  const lines = columns([
    ['NAME', 'OFFSET', 'NOTE'],
    ['a', '5', ''],
    ['longer', '1000', 'x'],
    ['b', '-', ''],
  ])
  assert.deepEqual(lines, ['NAME    OFFSET  NOTE', 'a            5', 'longer    1000  x', 'b            -'])
})

test('columns stand below each other, also behind names that take two columns a character', () => {
  assert.deepEqual(
    columns([
      ['GROUP', 'LAG'],
      ['請求', '7'],
      ['billing', '120'],
      ['café', '-'],
    ]),
    ['GROUP    LAG', '請求       7', 'billing  120', 'café       -'],
  )
})

test('a text is cut to the columns there are, never within a character', () => {
  assert.deepEqual(
    [cut('abcdef', 6), cut('abcdef', 4), cut('請求書', 4), cut('e\u0301'.repeat(3), 2)],
    ['abcdef', 'abc…', '請…', 'e\u0301…'],
  )
  assert.equal(widthOf(cut('👩‍👩‍👧 family', 5)), 5)
})
