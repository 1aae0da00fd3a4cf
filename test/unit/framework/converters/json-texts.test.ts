import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectValue, Decimal, type Schema, schema as s } from '../../../../framework/api/index.ts'
import { JsonTexts } from '../../../../framework/converters/json/json-texts.ts'
import { writeJson } from '../../../../framework/converters/json/write-json.ts'

const inner = s.struct({ x: s.int32(), y: s.string({ optional: true }) })
const all = s.struct({
  id: s.int64(),
  small: s.int8({ optional: true, default: 7 }),
  ratio: s.float64(),
  short: s.float32(),
  yes: s.boolean(),
  text: s.string({ optional: true }),
  raw: s.bytes({ optional: true }),
  price: s.decimal(2, { optional: true }),
  at: s.timestamp({ optional: true }),
  list: s.array(s.int32(), { optional: true }),
  map: s.map(s.string(), s.int64(), { optional: true }),
  inner,
})
const full = { id: 1, ratio: 0.5, short: Math.fround(0.1), yes: true, inner: { x: 1, y: null } }

/** With a schema, and what is written with it. */
const values: readonly (readonly [Schema | null, ConnectValue])[] = [
  [all, full],
  [
    all,
    { ...full, id: 9_007_199_254_740_993n, small: null, ratio: Number.NaN, text: 'quote " back \\ tab \t ü \u{1f600} \ud800' },
  ],
  [
    all,
    { ...full, raw: Buffer.from('x'), price: Decimal.parse('1.50'), at: new Date(5), list: [1, 2], map: { a: 1 }, small: -128 },
  ],
  [all, { ...full, map: new Map([['b', 2]]), ratio: -0, short: Number.POSITIVE_INFINITY, inner: { x: -1 } }],
  [s.struct({}), {}],
  [s.struct({ toString: s.string({ optional: true }), constructor: s.int32({ default: 3 }) }), {}],
  [s.struct({ 'a"b': s.int32() }), { 'a"b': 1 }],
  [s.string(), 'text'],
  [s.int64(), -1n],
  [s.int32({ optional: true, default: 5 }), null],
  [null, { a: 1, b: [true, null, 'x', { c: -0 }], d: {} }],
  [null, { left: undefined, out: 1 }],
  [null, { big: 12_345_678_901_234_567_890n }],
  [null, { when: new Date(7), price: Decimal.parse('0.10'), raw: Buffer.from('y'), odd: Number.NEGATIVE_INFINITY }],
  [null, new Map<ConnectValue, ConnectValue>([[1, 'x']])],
  [null, [new Map([['k', [1]]])]],
  [null, Object.assign(Object.create(null), { a: 1 })],
  [null, 'plain "text"'],
  [null, 1e300],
]

for (const decimals of ['BASE64', 'NUMERIC'] as const) {
  for (const replaceNullWithDefault of [false, true]) {
    test(`the short way writes what the long one does (${decimals}, nulls replaced: ${replaceNullWithDefault})`, () => {
      const options = { decimals, replaceNullWithDefault }
      const texts = new JsonTexts(options)
      for (const [schema, value] of values) {
        const expected = JSON.stringify(writeJson(schema, value, options))
        assert.equal(texts.of(schema, value), expected)
        assert.equal(texts.of(schema, value), expected, 'the second time')
      }
    })
  }
}

test('what does not fit is refused with the path to it, wherever it stands', () => {
  const texts = new JsonTexts({ decimals: 'BASE64', replaceNullWithDefault: false })
  const refused: readonly (readonly [Schema | null, unknown, RegExp])[] = [
    [all, { ...full, id: 0.5 }, /^id: expected int64/],
    [all, { ...full, inner: { x: 2 ** 31 } }, /^inner\.x: expected int32/],
    [all, { ...full, inner: null }, /^inner: null is not allowed/],
    [all, { ...full, list: [1, 'two'] }, /^list\[1\]: expected int32/],
    [all, { ...full, yes: undefined }, /the field yes is required/],
    [all, 5, /expected struct, found the number 5$/],
    [null, { deep: [{ call: () => 1 }] }, /^deep\[0\]\.call: function cannot be written as JSON/],
  ]
  for (const [schema, value, message] of refused) assert.throws(() => texts.of(schema, value as ConnectValue), { message })
})
