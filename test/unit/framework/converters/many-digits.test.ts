import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasManyDigits } from '../../../../framework/converters/json/json-text.ts'
import { parseSchemaless } from '../../../../framework/converters/json/read-json.ts'

test('sixteen digits in a row are found wherever they stand, fifteen are not', () => {
  for (let before = 0; before < 40; before++) {
    const text = (digits: number) => `${'x'.repeat(before)}${'7'.repeat(digits)}${'y'.repeat(before % 7)}`
    assert.equal(hasManyDigits(text(15)), false, `15 after ${before}`)
    assert.equal(hasManyDigits(text(16)), true, `16 after ${before}`)
    assert.equal(hasManyDigits(text(40)), true, `40 after ${before}`)
  }
  assert.equal(hasManyDigits('12345678.12345678'), true)
  assert.equal(hasManyDigits('1234567,12345678,1234567,1234567'), false)
  assert.equal(hasManyDigits(''), false)
})

test('without a schema integers of any size count, fractions are doubles, objects stay plain', () => {
  const read = parseSchemaless('{"a":[9007199254740993,1],"b":{"c":0.12345678901234567},"__proto__":{"d":null}}') as Record<
    string,
    unknown
  >
  assert.deepEqual(read.a, [9007199254740993n, 1])
  assert.deepEqual(read.b, { c: Number('0.12345678901234567') })
  assert.deepEqual(Object.keys(read), ['a', 'b', '__proto__'])
  assert.deepEqual(Object.keys(parseSchemaless('{"__proto__":{"d":null}}') as object), ['__proto__'])
})
