import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { AvroConverter, type ConnectValue, Decimal, schema as s } from '../../../../framework/index.ts'
import { TestSchemaRegistry } from '../../../schema-registry.ts'

const registry = await TestSchemaRegistry.start()
const url = registry.url
after(() => registry.stop())
beforeEach(() => registry.reset())

function avro(config: Readonly<Record<string, string>> = {}): AvroConverter {
  const converter = new AvroConverter()
  converter.configure({ 'schema.registry.url': url, 'converter.type': 'value', ...config })
  return converter
}

const line = s.struct({ article: s.string(), count: s.int8() }, { name: 'org.example.Line' })
const order = s.struct(
  {
    id: s.int64(),
    small: s.int16({ optional: true }),
    price: s.decimal(2),
    day: s.date(),
    time: s.time(),
    at: s.timestamp({ optional: true }),
    ratio: s.float32(),
    exact: s.float64(),
    ok: s.boolean({ default: true }),
    raw: s.bytes({ optional: true, default: Uint8Array.of(1, 255) }),
    lines: s.array(line),
    first: s.struct(
      line.fields.map(field => [field.name, field.schema] as const),
      { name: 'org.example.Line', optional: true },
    ),
    tags: s.map(s.string(), s.string({ optional: true })),
    counts: s.map(s.int32(), s.int64()),
  },
  { name: 'org.example.Order', version: 3, doc: 'an order' },
)

const value: ConnectValue = {
  id: 9007199254740993n,
  small: -5,
  price: Decimal.parse('-12.50'),
  day: new Date('2026-01-02T00:00:00Z'),
  time: new Date(1000),
  at: null,
  ratio: 0.5,
  exact: 0.1,
  ok: false,
  raw: Uint8Array.of(0, 128),
  lines: [{ article: 'a', count: 1 }],
  first: null,
  tags: new Map([['k', null]]),
  counts: new Map([[7, 8]]),
}

test('a value of every type is read as it was written, its schema too', async () => {
  const bytes = await avro().fromConnect('orders', order, value)
  const read = await avro().toConnect('orders', bytes)
  assert.deepEqual(read.value, value)
  const { first: _first, ...fields } = Object.fromEntries(order.fields.map(field => [field.name, field.schema]))
  const { first, ...readFields } = Object.fromEntries(
    (read.schema as typeof order).fields.map(field => [field.name, field.schema]),
  )
  assert.deepEqual(readFields, { ...fields, lines: s.array({ ...line }) })
  assert.equal(first?.optional, true)
  assert.deepEqual([read.schema?.name, read.schema?.version, read.schema?.doc], ['org.example.Order', 3, 'an order'])
  assert.deepEqual(registry.requests, ['POST /subjects/orders-value/versions', 'GET /schemas/ids/1'])
})

test('bytes and schema are those of Avro and of Confluent', async () => {
  const schema = s.struct({ n: s.int32(), t: s.string({ optional: true }), d: s.decimal(1) }, { name: 'a.b.C' })
  const bytes = await avro().fromConnect('t', schema, { n: -1, t: 'x', d: Decimal.parse('12.8') })
  // magic, id 1, zigzag -1, second branch, length 1, 'x', length 2, 0x0080
  assert.equal(Buffer.from(bytes!).toString('hex'), '0000000001' + '01' + '02' + '0278' + '040080')
  assert.deepEqual(JSON.parse(registry.schemas[0]!.schema), {
    type: 'record',
    name: 'C',
    namespace: 'a.b',
    fields: [
      { name: 'n', type: 'int' },
      { name: 't', type: ['null', 'string'], default: null },
      {
        name: 'd',
        type: {
          type: 'bytes',
          logicalType: 'decimal',
          precision: 64,
          scale: 1,
          'connect.version': 1,
          'connect.parameters': { scale: '1' },
          'connect.name': 'org.apache.kafka.connect.data.Decimal',
        },
      },
    ],
    'connect.name': 'a.b.C',
  })
})

test('schemas of other writers are understood: enums, fixed, references, plain logical types, defaults', async () => {
  const written = {
    type: 'record',
    name: 'R',
    namespace: 'n',
    fields: [
      { name: 'e', type: { type: 'enum', name: 'E', symbols: ['A', 'B'] }, doc: 'which' },
      { name: 'again', type: ['null', 'E'], default: null },
      { name: 'f', type: { type: 'fixed', name: 'F', size: 2 } },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'n', type: ['int', 'null'], default: 5 },
    ],
  }
  registry.register('t-value', { schema: JSON.stringify(written) })
  const bytes = Buffer.from('0000000001' + '02' + '0202' + 'abcd' + '0a' + '02', 'hex')
  const read = await avro().toConnect('t', bytes)
  assert.deepEqual(read.value, { e: 'B', again: 'B', f: Uint8Array.of(0xab, 0xcd), at: new Date(5), n: null })
  const letters = {
    'io.confluent.connect.avro.Enum': 'n.E',
    'io.confluent.connect.avro.Enum.A': 'A',
    'io.confluent.connect.avro.Enum.B': 'B',
  }
  assert.deepEqual(
    read.schema,
    s.struct(
      {
        e: s.string({ name: 'n.E', doc: 'which', parameters: letters }),
        again: s.string({ name: 'n.E', optional: true, parameters: letters }),
        f: s.bytes({ name: 'n.F', parameters: { 'connect.fixed.size': '2' } }),
        at: s.timestamp(),
        n: s.int32({ optional: true, default: 5 }),
      },
      { name: 'n.R' },
    ),
  )
})

test('tombstones stay tombstones and ask nobody', async () => {
  assert.equal(await avro().fromConnect('t', null, null), null)
  assert.equal(await avro().fromConnect('t', s.string({ optional: true }), null), null)
  assert.deepEqual(await avro().toConnect('t', null), { schema: null, value: null })
  assert.deepEqual(registry.requests, [])
})

test('a schema is asked for once, and again after a failure', async () => {
  const converter = avro({ 'converter.type': 'key' })
  registry.failure = [503, { error_code: 503 }]
  await assert.rejects(async () => converter.fromConnect('t', line, { article: 'a', count: 1 }), {
    code: 'REGISTRY_UNAVAILABLE',
    kind: 'retriable',
  })
  registry.failure = undefined
  await Promise.all([1, 2, 3].map(count => converter.fromConnect('t', line, { article: 'a', count })))
  assert.deepEqual(registry.requests, ['POST /subjects/t-key/versions', 'POST /subjects/t-key/versions'])
})

test('what cannot be is refused with its reason', async () => {
  const refused: readonly (readonly [() => unknown, RegExp])[] = [
    [() => avro().fromConnect('t', null, { a: 1 }), /AVRO needs a schema, and this record has none/],
    [
      () => avro().fromConnect('t', s.struct({ 'a-b': s.int8() }), { 'a-b': 1 }),
      /Avro does not allow the name "a-b": .* rename it with ReplaceField/,
    ],
    [() => avro().fromConnect('t', line, { article: 'a', count: 300 }), /^DataError: count: expected int8, found the number 300/],
    [() => avro().toConnect('t', Buffer.from('{"a":1}')), /was not written with a schema registry: .* begins with 7b2261223a/],
    [
      () => avro().toConnect('t', Buffer.from('0000000009', 'hex')),
      /answered 404 to GET .*\/schemas\/ids\/9: .*Schema not found/,
    ],
    [
      () => avro({ 'auto.register.schemas': 'false' }).fromConnect('t', line, { article: 'a', count: 1 }),
      /answered 404 to POST .*\/subjects\/t-value:/,
    ],
  ]
  for (const [attempt, message] of refused)
    await assert.rejects(
      async () => attempt(),
      (error: Error) => message.test(String(error)) || assert.fail(String(error)),
    )
})

test('a union of several types is a struct with one field that is not null', async () => {
  const both = s.struct({ n: s.int32() }, { name: 'n.Both' })
  registry.register('t-value', {
    schema: JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        {
          name: 'u',
          type: ['null', 'int', { type: 'record', name: 'n.Both', fields: [{ name: 'n', type: 'int' }] }],
          default: null,
        },
      ],
    }),
  })
  const converter = avro()
  const values = ['0000000001' + '00', '0000000001' + '020a', '0000000001' + '040c'].map(hex =>
    converter.toConnect('t', Buffer.from(hex, 'hex')),
  )
  const [none, number, record] = await Promise.all(values)
  assert.deepEqual([none?.value, number?.value, record?.value], [{ u: null }, { u: { int: 5 } }, { u: { Both: { n: 6 } } }])
  const union = s.struct(
    { int: s.int32({ optional: true }), Both: { ...both, optional: true } },
    { name: 'io.confluent.connect.avro.Union', optional: true },
  )
  assert.deepEqual(record?.schema, s.struct({ u: union }, { name: 'R' }))
  const again = Buffer.from((await converter.fromConnect('again', record?.schema ?? null, record?.value ?? null)) ?? [])
  assert.equal(again.subarray(5).toString('hex'), '040c')
})

test('an enum stays one with enhanced.avro.schema.support, and is text without', async () => {
  const letter = s.string({
    name: 'n.Letter',
    parameters: {
      'io.confluent.connect.avro.Enum': 'n.Letter',
      'io.confluent.connect.avro.Enum.A': 'A',
      'io.confluent.connect.avro.Enum.B': 'B',
    },
  })
  const schema = s.struct({ one: letter, other: letter }, { name: 'Letters' })
  const written = await avro({ 'enhanced.avro.schema.support': 'true' }).fromConnect('t', schema, { one: 'B', other: 'A' })
  assert.equal(
    Buffer.from(written ?? [])
      .subarray(5)
      .toString('hex'),
    '0200',
  )
  assert.deepEqual((await avro().toConnect('t', written)).value, { one: 'B', other: 'A' })
  const text = await avro().fromConnect('t', schema, { one: 'B', other: 'A' })
  assert.equal(
    Buffer.from(text ?? [])
      .subarray(5)
      .toString('hex'),
    '02420241',
  )
})

test('a record that contains itself is refused by name', async () => {
  const fields = [{ name: 'next', type: ['null', 'n.Node'] }]
  registry.register('t-value', { schema: JSON.stringify({ type: 'record', name: 'Node', namespace: 'n', fields }) })
  await assert.rejects(
    async () => avro().toConnect('t', Buffer.from('000000000100', 'hex')),
    /the record n\.Node contains itself/,
  )
})

test('bytes that are not of their schema are refused, and others read on', async () => {
  registry.register('t-value', { schema: '"string"' })
  const converter = avro()
  await assert.rejects(
    async () => converter.toConnect('t', Buffer.from('0000000001' + '0861', 'hex')),
    /is no Avro of the schema whose id it has/,
  )
  assert.equal((await converter.toConnect('t', Buffer.from('0000000001' + '0261', 'hex'))).value, 'a')
})
