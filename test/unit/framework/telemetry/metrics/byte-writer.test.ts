import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteWriter } from '../../../../../framework/telemetry/metrics/byte-writer.ts'

test('numbers are written as String writes them, and as Prometheus does where that has no number for it', () => {
  const values = [
    0,
    -0,
    7,
    10,
    1_000_000,
    -42,
    999_999_999_999_999,
    -999_999_999_999_999,
    1e15,
    1e21,
    -1e300,
    0.1,
    1 / 3,
    -2.5e-7,
    2 ** 53,
  ]
  for (const value of values) {
    const writer = new ByteWriter(1)
    writer.number(value)
    assert.equal(Buffer.from(writer.bytes()).toString(), String(value))
  }
  const writer = new ByteWriter(1)
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) writer.number(value)
  assert.equal(Buffer.from(writer.bytes()).toString(), 'NaN+Inf-Inf')
})

test('it grows by what is written, whatever it began with', () => {
  const writer = new ByteWriter(1)
  let expected = ''
  for (let i = 0; i < 300; i++) {
    writer.text(`ä→${i} `)
    writer.number(i * 1_000_003)
    writer.add(Buffer.from('…'))
    writer.byte(10)
    expected += `ä→${i} ${i * 1_000_003}…\n`
  }
  assert.equal(Buffer.from(writer.bytes()).toString(), expected)
  assert.equal(writer.length, Buffer.byteLength(expected))
})
