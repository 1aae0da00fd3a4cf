import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectValue, Decimal, JsonConverter, type Schema, schema as s } from '../../../../framework/index.ts'

function json(config: Readonly<Record<string, string>> = {}): JsonConverter {
  const converter = new JsonConverter()
  converter.configure(config)
  return converter
}

const write = (converter: JsonConverter, schema: Schema | null, value: ConnectValue) =>
  Buffer.from(converter.fromConnect('topic', schema, value) ?? '').toString()
const read = (converter: JsonConverter, text: string) => converter.toConnect('topic', Buffer.from(text))

test('plain JSON where an envelope is expected: the error says what to set', () => {
  for (const text of ['{"a":1}', '5', '[1]', 'null', '{"schema":null,"payload":1,"more":2}']) {
    assert.throws(
      () => read(json(), text),
      /schemas\.enable=true wants an object with exactly .*set schemas\.enable=false for this converter/,
    )
  }
})

test('what is no JSON says so and shows how it begins', () => {
  assert.throws(() => read(json(), 'Hello'), /is not JSON: .*; begins with "Hello"/)
  assert.throws(
    () => json().toConnect('t', Buffer.of(0xff)),
    /not UTF-8 text; .* use org\.apache\.kafka\.connect\.converters\.ByteArrayConverter/,
  )
})

test('a tombstone stays a tombstone, with and without schemas', () => {
  for (const converter of [json(), json({ 'schemas.enable': 'false' })]) {
    assert.equal(converter.fromConnect('topic', null, null), null)
    assert.deepEqual(converter.toConnect('topic', null), { schema: null, value: null })
  }
  assert.equal(write(json(), s.string({ optional: true }), null), '{"schema":{"type":"string","optional":true},"payload":null}')
})

test('integers and decimals keep all their digits', () => {
  const plain = json({ 'schemas.enable': 'false' })
  assert.deepEqual(read(plain, '[9007199254740993, 9007199254740991, 1.5]').value, [9007199254740993n, 9007199254740991, 1.5])
  assert.equal(write(plain, null, { a: 9007199254740993n }), '{"a":9007199254740993}')
  const decimal =
    '{"schema":{"type":"bytes","name":"org.apache.kafka.connect.data.Decimal","parameters":{"scale":"3"}},"payload":PAYLOAD}'
  for (const [payload, expected] of [
    ['1234567890123456789.125', '1234567890123456789.125'],
    ['1.5', '1.500'],
    ['7', '7.000'],
    ['"BNI="', '1.234'],
  ] as const)
    assert.equal(String(read(json(), decimal.replace('PAYLOAD', payload)).value), expected)
  const numeric = json({ 'decimal.format': 'numeric', 'schemas.enable': 'false' })
  assert.equal(write(numeric, s.decimal(2), Decimal.parse('1234567890123456789.1')), '1234567890123456789.10')
})

const withDefault = s.struct({ a: s.int32({ optional: true, default: 7 }), b: s.int32({ default: 8 }) })

test('a null is not replaced by a default unless asked; a required field left out is', () => {
  const kept = json({ 'schemas.enable': 'false' })
  assert.equal(write(kept, withDefault, { a: null }), '{"a":null,"b":8}')
  const replaced = json({ 'schemas.enable': 'false', 'replace.null.with.default': 'true' })
  assert.equal(write(replaced, withDefault, { a: null, b: null }), '{"a":7,"b":8}')
  const envelope = write(json(), withDefault, { a: null })
  assert.deepEqual(read(json(), envelope).value, { a: null, b: 8 })
  assert.deepEqual(read(json({ 'replace.null.with.default': 'true' }), envelope).value, { a: 7, b: 8 })
})

test('a schema of its own, once: plain JSON is read as it says', () => {
  const content = '{"type":"struct","fields":[{"field":"at","type":"int64","name":"org.apache.kafka.connect.data.Timestamp"}]}'
  const { schema, value } = read(json({ 'schema.content': content }), '{"at":5}')
  assert.equal(schema?.type, 'struct')
  assert.deepEqual(value, { at: new Date(5) })
  assert.throws(() => json({ 'schema.content': '{"type":"strukt"}' }), {
    code: 'CONFIG_INVALID',
    message: /schema\.content\.type is "strukt"; it must be one of boolean/,
  })
})

test('what does not fit its schema is refused with its path, never bent', () => {
  const of = (schema: string, payload: string) => `{"schema":${schema},"payload":${payload}}`
  const struct = '{"type":"struct","fields":[{"field":"a","type":"array","items":{"type":"int8"}}]}'
  const refused: readonly (readonly [string, RegExp])[] = [
    [of('{"type":"int32"}', '"5"'), /^payload must be int32 as its schema says, but is "5"$/],
    [of('{"type":"int8"}', '300'), /payload must be int8/],
    [of('{"type":"boolean"}', '1'), /payload must be boolean/],
    [of('{"type":"bytes"}', '"not base64!"'), /payload is not base64/],
    [of(struct, '{"a":[1,null]}'), /payload\.a\[1\] is null, but its schema says required int8/],
    [
      of('{"type":"map","keys":{"type":"int8"},"values":{"type":"int8"}}', '{}'),
      /payload must be a list of \[key, value\] pairs/,
    ],
    [of('{"type":"array"}', '[]'), /schema\.items must be a JSON object/],
    [of('{"type":"struct","fields":[{"type":"int8"}]}', '{}'), /schema\.fields\[0\]\.field is missing/],
  ]
  for (const [text, message] of refused) assert.throws(() => read(json(), text), { name: 'DataError', message })
})

test('the same schema text gives the same schema object', () => {
  const converter = json()
  const text = write(converter, withDefault, { a: 1 })
  assert.equal(read(converter, text).schema, read(converter, text).schema)
})

test('a record that begins like another but is no envelope is refused all the same', () => {
  const converter = json()
  const schema = '{"type":"string","parameters":{"a":"b","payload":"c"}}'
  for (const begin of ['{"schema":{"type":"string"},"payload":', `{"schema":${schema},"payload":`]) {
    assert.equal(read(converter, `${begin}"x"}`).value, 'x')
    assert.equal(read(converter, `${begin}"y"}`).value, 'y')
    assert.throws(() => read(converter, `${begin}"x","more":1}`), /exactly the members "schema" and "payload"/)
    assert.throws(() => read(converter, `${begin}"x"`), /is not JSON/)
    assert.equal(read(converter, `${begin}"z"} `).value, 'z')
  }
})

test('a decimal of absurd size is refused before it fills memory', () => {
  assert.throws(() => Decimal.parse('1e99999999'), /cannot have the scale -99999999; at most/)
})

test('members named like those of every object are data', () => {
  const text = '{"__proto__":{"a":1},"constructor":2}'
  const { value } = read(json({ 'schemas.enable': 'false' }), text)
  assert.equal(write(json({ 'schemas.enable': 'false' }), null, value), text)
})

test('wrong settings are told together', () => {
  assert.throws(
    () => json({ 'schemas.enable': 'yes', 'decimal.format': 'HEX' }),
    /schemas\.enable = yes: must be true or false\ndecimal\.format = HEX/,
  )
})
