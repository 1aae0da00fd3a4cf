import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimpleHeaderConverter } from '../../../../framework/index.ts'

const read = (text: string, config: Readonly<Record<string, string>> = {}) => {
  const converter = new SimpleHeaderConverter()
  converter.configure(config)
  return converter.toConnectHeader('topic', 'key', Buffer.from(text))
}

test('nothing of a text is lost: what means no value as a whole stays text', () => {
  for (const text of ['1::2', '[1] and more', '{"a":1', '[1,,2]', '12 monkeys', '2026-02-30', '12:34', '{"a"}', '[nonsense]']) {
    assert.deepEqual(read(text), { schema: { type: 'string' }, value: text })
  }
})

test('a number has the smallest type that keeps its digits', () => {
  const types = ['1', '-129', '0.1', '3.14159265358979', '0.1234567890123456789'].map(text => read(text).schema?.type)
  assert.deepEqual(types, ['int8', 'int16', 'float32', 'float64', 'bytes'])
})

test('text is kept as it is when asked: 0012 stays 0012', () => {
  for (const text of ['0012', 'true', '[1]', 'null', '']) {
    assert.deepEqual(read(text, { 'infer.types': 'false' }), { schema: { type: 'string' }, value: text })
  }
})

test('bytes that are no UTF-8 stay bytes, and none stay none', () => {
  const converter = new SimpleHeaderConverter()
  assert.deepEqual(converter.toConnectHeader('t', 'k', Buffer.of(0xff)), { schema: { type: 'bytes' }, value: Buffer.of(0xff) })
  assert.deepEqual(converter.toConnectHeader('t', 'k', null), { schema: null, value: null })
})

test('what was written is read again: quotes, backslashes and nested values', () => {
  const converter = new SimpleHeaderConverter()
  const value = new Map([['a "b" \\ c', [1, 2]]])
  const bytes = converter.fromConnectHeader('t', 'k', null, value)
  assert.deepEqual(converter.toConnectHeader('t', 'k', bytes).value, value)
})
