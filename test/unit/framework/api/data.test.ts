import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectValue, DataError, Decimal, type Schema, schema as s, validate } from '../../../../framework/index.ts'

test('a decimal keeps its digits through text, bytes and scales', () => {
  for (const text of ['0', '-0.001', '12.50', '-123456789012345678901.25', '127', '128', '-128', '-129', '255.0']) {
    const decimal = Decimal.parse(text)
    assert.equal(decimal.toString(), text)
    assert.equal(Decimal.fromBytes(decimal.toBytes(), decimal.scale).toString(), text)
  }
  assert.deepEqual(Decimal.parse('1.5e3'), new Decimal(15n, -2))
  assert.equal(Decimal.parse('1.5').withScale(3).toString(), '1.500')
  assert.equal(Decimal.parse('1.500').withScale(1).toString(), '1.5')
  assert.throws(() => Decimal.parse('1.55').withScale(1), /1\.55 does not fit scale 1; round it/)
  assert.throws(() => Decimal.parse('1,5'), DataError)
  assert.deepEqual([...Decimal.parse('128').toBytes()], [0, 128])
})

const order = s.struct({
  id: s.int64(),
  lines: s.array(s.struct({ article: s.string(), count: s.int8({ default: 1 }) })),
  tags: s.map(s.string(), s.int32(), { optional: true }),
})

test('a value that fits its schema is accepted', () => {
  const accepted: readonly (readonly [Schema, ConnectValue])[] = [
    [order, { id: 2n ** 60n, lines: [{ article: 'a' }] }],
    [order, { id: 1, lines: [], tags: new Map([['a', 1]]) }],
    [order, { id: 1, lines: [], tags: { a: 1 } }],
    [s.int8(), 127],
    [s.float32(), 0.1],
    [s.timestamp(), new Date()],
    [s.decimal(2), new Decimal(1n, 2)],
  ]
  for (const [schema, value] of accepted) validate(schema, value)
})

test('one that does not is refused with its path and what is wrong', () => {
  const refused: readonly (readonly [Schema, ConnectValue, string])[] = [
    [s.int8(), 128, 'expected int8, found the number 128'],
    [s.int64(), 2n ** 63n, 'expected int64, found the number 9223372036854775808'],
    [
      s.int64(),
      2 ** 60,
      'expected int64, found the number 1152921504606847000, which is not exact; beyond 2^53 - 1 use a bigint',
    ],
    [s.int32(), 1.5, 'expected int32, found the number 1.5'],
    [s.string(), null, 'null is not allowed where the schema is required; make it optional'],
    [
      order,
      { id: 1, lines: [{ article: 'a', count: null }] },
      'lines[0].count: null is not allowed where the schema is required; make it optional',
    ],
    [
      order,
      { id: 1, lines: [{ article: 'a' }, {}] },
      'the field article is required and was left out; give it a value, or make its schema optional',
    ],
    [order, { id: 1, lines: [], tags: { a: 'b' } }, 'tags{a}: expected int32, found string'],
    [s.timestamp(), 5, 'expected int64 (org.apache.kafka.connect.data.Timestamp), found the number 5'],
    [
      s.struct({ constructor: s.string() }),
      {},
      'the field constructor is required and was left out; give it a value, or make its schema optional',
    ],
  ]
  for (const [schema, value, message] of refused) assert.throws(() => validate(schema, value), { name: 'DataError', message })
})

test('two fields of one name are refused', () => {
  assert.throws(
    () =>
      s.struct([
        ['a', s.int8()],
        ['a', s.int8()],
      ]),
    /two fields of one name/,
  )
})
