import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { type ConnectValue, Decimal, ProtobufConverter, type Schema, schema as s } from '../../../../framework/index.ts'
import { TestSchemaRegistry } from '../../../schema-registry.ts'

const registry = await TestSchemaRegistry.start()
after(() => registry.stop())
beforeEach(() => registry.reset())

function converter(config: Readonly<Record<string, string>> = {}): ProtobufConverter {
  const made = new ProtobufConverter()
  made.configure({ 'schema.registry.url': registry.url, 'converter.type': 'value', ...config })
  return made
}

async function roundTrip(
  schema: Schema,
  value: ConnectValue,
  config: Readonly<Record<string, string>> = {},
): Promise<ConnectValue> {
  const one = converter(config)
  return (await one.toConnect('t', await one.fromConnect('t', schema, value))).value
}

/** What is read of a message of a file that another writer registered; bytes as hex, message indexes included. */
async function readForeign(file: string, bytes: string, config: Readonly<Record<string, string>> = {}) {
  const { id } = registry.register('foreign-value', { schema: file, schemaType: 'PROTOBUF' })
  return converter(config).toConnect('foreign', Buffer.from(id.toString(16).padStart(10, '0') + bytes, 'hex'))
}

const line = s.struct({ article: s.string(), count: s.int8() }, { name: 'Line' })

test('a value of every type is read as it was written', async () => {
  const schema = s.struct(
    {
      i8: s.int8(),
      i16: s.int16(),
      i32: s.int32(),
      i64: s.int64(),
      f32: s.float32(),
      f64: s.float64(),
      ok: s.boolean(),
      text: s.string(),
      raw: s.bytes(),
      price: s.decimal(2),
      day: s.date(),
      time: s.time(),
      at: s.timestamp(),
      lines: s.array(line),
      tags: s.map(s.string(), s.string({ optional: true })),
      moments: s.map(s.timestamp(), line),
      first: line,
    },
    { name: 'org.example.Every' },
  )
  const value = {
    i8: -128,
    i16: 32767,
    i32: -2147483648,
    i64: -9223372036854775808n,
    f32: 0.5,
    f64: 0.1,
    ok: true,
    text: 'grüße',
    raw: Uint8Array.of(0, 255),
    price: Decimal.parse('-12.50'),
    day: new Date('0099-03-01T00:00:00Z'),
    time: new Date(86_399_999),
    at: new Date('1969-12-31T23:59:59.999Z'),
    lines: [{ article: '', count: 0 }],
    tags: new Map<string, string | null>([
      ['k', null],
      ['', ''],
    ]),
    moments: new Map([[new Date(5), { article: 'a', count: 1 }]]),
    first: { article: 'b', count: -1 },
  }
  for (const config of [{}, { 'optional.for.nullables': 'false' }, { 'wrapper.for.nullables': 'true' }]) {
    const nullsAsZeros = {
      ...value,
      tags: new Map([
        ['k', ''],
        ['', ''],
      ]),
    }
    const expected = 'optional.for.nullables' in config ? nullsAsZeros : value
    assert.deepEqual(await roundTrip(schema, value, config), expected, JSON.stringify(config))
  }
})

test('a null is told from zero, by the keyword optional or by wrappers; by neither it is read as zero', async () => {
  const optional = true
  const schema = s.struct(
    {
      n: s.int32({ optional }),
      t: s.string({ optional }),
      raw: s.bytes({ optional }),
      ok: s.boolean({ optional }),
      at: s.timestamp({ optional }),
      line: s.struct({ a: s.string() }, { name: 'A', optional }),
    },
    { name: 'Nulls' },
  )
  const nulls = { n: null, t: null, raw: null, ok: null, at: null, line: null }
  const zeros = { n: 0, t: '', raw: new Uint8Array(0), ok: false, at: new Date(0), line: { a: '' } }
  for (const config of [{}, { 'wrapper.for.nullables': 'true' }]) {
    assert.deepEqual(await roundTrip(schema, nulls, config), nulls)
    assert.deepEqual(await roundTrip(schema, zeros, config), zeros)
  }
  const asJava = await roundTrip(schema, nulls, { 'optional.for.nullables': 'false' })
  assert.deepEqual(asJava, { ...zeros, at: null, line: null })
})

test('the schema that was read writes the same file again: numbers, oneofs, enums and kinds of integers are kept', async () => {
  const file = `syntax = "proto3";
    message Kept {
      optional sint32 a = 9;
      fixed64 b = 4;
      Color color = 2;
      repeated uint32 list = 6;
      oneof choice { string text = 3; int64 number = 12; }
      enum Color { RED = 0; GREEN = 7; }
    }`
  const bytes = '001007' + '1a0178' + '210500000000000000' + '3202ac02' + '4803'
  const read = await readForeign(file, bytes)
  assert.deepEqual(read.value, { choice_0: { text: 'x' }, a: -2, b: 5, color: 'GREEN', list: [300] })
  const again = Buffer.from((await converter().fromConnect('again', read.schema, read.value)) ?? [])
  assert.equal(again.subarray(5).toString('hex'), bytes)
  assert.equal(registry.schemas.length, 1, 'to the registry it is the same schema')
})

test('a message is found by its indexes, whatever stands before it', async () => {
  const file = `syntax = "proto3"; package n;
    message A { map<string, int32> m = 1; message Inner { int32 x = 1; } }
    message B { enum E { Z = 0; } message C { message D { int32 x = 1; } } }`
  assert.deepEqual((await readForeign(file, '00' + '0a05' + '0a016b1007')).value, { m: new Map([['k', 7]]) })
  assert.deepEqual((await readForeign(file, '040000' + '0805')).value, { x: 5 })
  assert.deepEqual((await readForeign(file, '06020000' + '0805')).value, { x: 5 })
  assert.equal((await readForeign(file, '06020000' + '0805')).schema?.name, 'D')
  assert.equal(
    (await readForeign(file, '06020000' + '0805', { 'enhanced.protobuf.schema.support': 'true' })).schema?.name,
    'n.B.C.D',
  )
  await assert.rejects(readForeign(file, '0206'), /says that it is message 3 of its schema, and there is none/)
})

test('proto2 is read: what is required, optional or has a default', async () => {
  const file = 'syntax = "proto2"; message P { required int32 a = 1; optional int32 b = 2 [default = 5]; optional string c = 3; }'
  const { schema, value } = await readForeign(file, '00' + '0801')
  assert.deepEqual(value, { a: 1, b: null, c: null })
  const fields = (schema?.type === 'struct' ? schema.fields : []).map(field => [field.name, field.schema.optional ?? false])
  assert.deepEqual(fields, [
    ['a', false],
    ['b', true],
    ['c', true],
  ])
})

test('a value that is no struct is a message of one value; several of them share one file', async () => {
  const cases: readonly (readonly [Schema, ConnectValue])[] = [
    [s.int32(), -1],
    [s.string(), ''],
    [s.float64(), 0.5],
    [s.boolean(), false],
    [s.bytes(), Uint8Array.of(1)],
  ]
  for (const [schema, value] of cases) assert.deepEqual(await roundTrip(schema, value), value)
  assert.equal(registry.schemas.length, 1)
})

test('names that Protobuf does not allow are refused, or replaced where that is asked for', async () => {
  const schema = s.struct({ 'a-b': s.int32(), '1st': s.int32() }, { name: 'org.exam-ple.Odd' })
  await assert.rejects(
    async () => converter().fromConnect('t', schema, { 'a-b': 1, '1st': 2 }),
    /does not allow the name "exam-ple".*set scrub\.invalid\.names = true/,
  )
  assert.deepEqual(await roundTrip(schema, { 'a-b': 1, '1st': 2 }, { 'scrub.invalid.names': 'true' }), { a_b: 1, x1st: 2 })
})

test('what Protobuf has not is refused, with what to do', async () => {
  const held = (schema: Schema) => s.struct({ x: schema }, { name: 'Held' })
  const other = s.struct({ article: s.int32() }, { name: 'Line' })
  const refused: readonly (readonly [Schema, ConnectValue, RegExp])[] = [
    [s.array(s.int32()), [1], /needs a struct or a plain value, and this is array; put it into a struct with HoistField/],
    [s.date(), new Date(0), /needs a struct or a plain value, and this is org\.apache\.kafka\.connect\.data\.Date/],
    [held(s.array(s.array(s.int32()))), { x: [[1]] }, /has no list of arrays, as x is/],
    [held(s.map(s.string(), s.array(s.int32()))), { x: new Map() }, /has no map of arrays/],
    [held(s.array(s.int32({ optional: true }))), { x: [1, null] }, /x: Protobuf has no null within a list/],
    [
      s.struct({ a: line, b: other }, { name: 'Two' }),
      { a: { article: '', count: 0 }, b: { article: 1 } },
      /two different structs are named Line/,
    ],
    [held(s.date()), { x: new Date(1) }, /is no date: its time of day must be 00:00/],
  ]
  for (const [schema, value, message] of refused)
    await assert.rejects(async () => converter().fromConnect('t', schema, value), message)
  await assert.rejects(readForeign('syntax = "proto3"; message N { N next = 1; }', '00'), /the message N contains itself/)
  await assert.rejects(
    readForeign('syntax = "proto3"; import "else.proto"; message N { int32 a = 1; }', '00'),
    /imports else\.proto, which it has no reference to/,
  )
  await assert.rejects(readForeign('message {', '00'), /is no \.proto file that can be read/)
})

test('bytes that are not of their message are refused, and others read on', async () => {
  const file = 'syntax = "proto3"; message M { string a = 1; }'
  await assert.rejects(readForeign(file, '00' + '0a7f'), /is no M, which its schema says it is/)
  await assert.rejects(readForeign(file, ''), /has no list of message indexes/)
  await assert.rejects(readForeign(file, 'ffffffff7f'), /message indexes/)
  assert.deepEqual((await readForeign(file, '00' + '0a0161')).value, { a: 'a' })
})

test('a later version of the schema is written by its own numbers, and refused where a field is of another kind', async () => {
  const schema = s.struct({ a: s.int32(), b: s.string() }, { name: 'V' })
  const latest = { 'auto.register.schemas': 'false', 'use.latest.version': 'true' }
  registry.register('t-value', {
    schema: 'syntax = "proto3"; message First {} message V { int64 a = 5; string b = 3; int32 more = 1; }',
    schemaType: 'PROTOBUF',
  })
  const written = Buffer.from((await converter(latest).fromConnect('t', schema, { a: 1, b: 'x' })) ?? [])
  assert.equal(written.toString('hex'), '0000000001' + '0202' + '1a0178' + '2801')
  registry.register('t-value', { schema: 'syntax = "proto3"; message V { string a = 5; string b = 3; }', schemaType: 'PROTOBUF' })
  await assert.rejects(
    async () => converter(latest).fromConnect('t', schema, { a: 1, b: 'x' }),
    /a is int32, but the registered schema has string/,
  )
  registry.register('t-value', { schema: 'syntax = "proto3"; message V { int32 a = 5; }', schemaType: 'PROTOBUF' })
  await assert.rejects(
    async () => converter(latest).fromConnect('t', schema, { a: 1, b: 'x' }),
    /the message V has no field b; it has a/,
  )
})
