import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { type ConnectValue, Decimal, JsonSchemaConverter, type Schema, schema as s } from '../../../../framework/index.ts'
import { TestSchemaRegistry } from '../../../schema-registry.ts'

const registry = await TestSchemaRegistry.start()
after(() => registry.stop())
beforeEach(() => registry.reset())

function converter(config: Readonly<Record<string, string>> = {}): JsonSchemaConverter {
  const made = new JsonSchemaConverter()
  made.configure({ 'schema.registry.url': registry.url, 'converter.type': 'value', ...config })
  return made
}

/** What is read of JSON that another writer registered a schema for. */
async function readForeign(schema: object, json: unknown, config: Readonly<Record<string, string>> = {}) {
  const { id } = registry.register('foreign-value', { schema: JSON.stringify(schema), schemaType: 'JSON' })
  const prefix = Buffer.from(id.toString(16).padStart(10, '0'), 'hex')
  return converter(config).toConnect('foreign', Buffer.concat([prefix, Buffer.from(JSON.stringify(json))]))
}

async function text(written: ReturnType<JsonSchemaConverter['fromConnect']>): Promise<string> {
  return Buffer.from((await written) ?? [])
    .subarray(5)
    .toString()
}

test('a value of every type is read as it was written, its schema too', async () => {
  const line = s.struct({ article: s.string(), count: s.int8() }, { name: 'org.example.Line' })
  const order = s.struct(
    {
      id: s.int64(),
      small: s.int16({ optional: true }),
      price: s.decimal(2, { optional: true, default: Decimal.parse('1.25') }),
      day: s.date(),
      time: s.time(),
      at: s.timestamp({ optional: true }),
      ratio: s.float32({ doc: 'a ratio', parameters: { unit: '%' } }),
      ok: s.boolean({ default: true }),
      raw: s.bytes({ optional: true, default: Uint8Array.of(1, 255) }),
      lines: s.array(line),
      first: s.struct({ n: s.int32() }, { name: 'First', optional: true }),
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
    ok: false,
    raw: Uint8Array.of(0, 128),
    lines: [{ article: 'a', count: 1 }],
    first: null,
    tags: new Map([['k', null]]),
    counts: new Map([[7, 8]]),
  }
  for (const format of ['BASE64', 'NUMERIC']) {
    const one = converter({ 'decimal.format': format })
    const read = await one.toConnect('orders', await one.fromConnect('orders', order, value))
    assert.deepEqual(read.value, value)
    assert.deepEqual(read.schema, order)
  }
})

test('a null is a tombstone whatever its schema, and a null within a struct stays a null', async () => {
  const schema = s.struct({ n: s.int32({ optional: true, default: 5 }) }, { name: 'N' })
  assert.equal(await converter().fromConnect('t', s.string({ optional: true }), null), null)
  assert.equal(await text(converter().fromConnect('t', schema, { n: null })), '{"n":null}')
  assert.deepEqual(await converter().toConnect('t', null), { schema: null, value: null })
  assert.deepEqual((await readForeign({ type: ['null', 'string'] }, null)).value, null)
})

test('schemas of other writers are understood: references, several types, constants, patterns, what is not required', async () => {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Person',
    type: 'object',
    definitions: { address: { type: 'object', properties: { street: { type: 'string' } }, required: ['street'] } },
    properties: {
      name: { type: 'string', minLength: 1, description: 'how to call them' },
      age: { type: ['integer', 'null'] },
      weight: { type: 'number' },
      home: { $ref: '#/definitions/address' },
      color: { enum: ['RED', 'GREEN'] },
      kind: { const: 'person' },
      tags: { type: 'array', items: { type: 'string' } },
      extra: { type: 'object', additionalProperties: { type: 'integer' } },
      id: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      both: { allOf: [{ $ref: '#/definitions/address' }, { properties: { zip: { type: 'integer' } }, required: ['zip'] }] },
    },
    required: ['name', 'home', 'kind', 'tags'],
  }
  const person = {
    name: 'x',
    age: null,
    home: { street: 'a' },
    color: 'RED',
    kind: 'person',
    tags: ['t'],
    extra: { a: 1 },
    id: 7,
    both: { street: 'b', zip: 2 },
    unknown: true,
  }
  const { schema: read, value } = await readForeign(schema, person)
  const ONE_OF = 'io.confluent.connect.json.OneOf'
  const ENUM = 'io.confluent.connect.json.Enum'
  assert.deepEqual(value, {
    name: 'x',
    age: null,
    weight: null,
    home: { street: 'a' },
    color: 'RED',
    kind: 'person',
    tags: ['t'],
    extra: new Map([['a', 1]]),
    id: { [`${ONE_OF}.field.1`]: 7 },
    both: { street: 'b', zip: 2 },
  })
  const optional = true
  const expected: Readonly<Record<string, Schema>> = {
    name: s.string({ doc: 'how to call them' }),
    age: s.int64({ optional }),
    weight: s.float64({ optional }),
    home: s.struct({ street: s.string() }),
    color: s.string({ parameters: { [ENUM]: '', [`${ENUM}.RED`]: 'RED', [`${ENUM}.GREEN`]: 'GREEN' }, optional }),
    kind: s.string({ parameters: { [ENUM]: '', [`${ENUM}.person`]: 'person' } }),
    tags: s.array(s.string()),
    extra: s.map(s.string(), s.int64(), { optional }),
    id: s.struct(
      { [`${ONE_OF}.field.0`]: s.string({ optional }), [`${ONE_OF}.field.1`]: s.int64({ optional }) },
      { name: ONE_OF, optional },
    ),
    both: s.struct({ street: s.string(), zip: s.int64() }, { optional }),
  }
  assert.deepEqual(read, s.struct(expected, { name: 'Person' }))
})

test('of several structs the one is taken that has the members of the value', async () => {
  const object = (...names: string[]) => ({
    type: 'object',
    properties: Object.fromEntries(names.map(name => [name, { type: 'string' }])),
    required: names,
  })
  const { value } = await readForeign({ oneOf: [object('a'), object('a', 'b')] }, { a: 'x', b: 'y' })
  assert.deepEqual(value, { 'io.confluent.connect.json.OneOf.field.1': { a: 'x', b: 'y' } })
})

test('what cannot be read is refused by name, with its place', async () => {
  const refused: readonly (readonly [schema: object, json: unknown, message: RegExp])[] = [
    [{ type: 'object', properties: { next: { $ref: '#' } } }, {}, /contains itself at #\/properties\/next -> #/],
    [{ type: 'object', properties: { any: {} } }, {}, /does not say what type is at #\/properties\/any/],
    [{ type: 'array' }, [], /has no schema at #\/items/],
    [{ $ref: 'other.json' }, {}, /refers to other\.json, which is not there/],
    [{ enum: ['a', 1] }, 'a', /an enum of several types/],
    [{ type: 'integer', 'connect.type': 'int8' }, 300, /must be int8 as its schema says, but is 300/],
    [{ oneOf: [{ type: 'integer' }, { type: 'string' }] }, true, /fits none of 2 types/],
    [
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      {},
      /payload\.a is null, but its schema says required string/,
    ],
  ]
  for (const [schema, json, message] of refused) await assert.rejects(readForeign(schema, json), message)
  const { id } = registry.register('foreign-value', { schema: 'true', schemaType: 'JSON' })
  const bytes = Buffer.from(`${id.toString(16).padStart(10, '0')}31`, 'hex')
  await assert.rejects(
    async () => converter().toConnect('foreign', bytes),
    /is true, which says nothing of the type of its values/,
  )
})

test('with json.fail.invalid.schema limits and patterns count, both ways', async () => {
  const limited = { type: 'object', properties: { name: { type: 'string', pattern: '^[a-z]+$' } }, required: ['name'] }
  const config = { 'json.fail.invalid.schema': 'true' }
  assert.deepEqual((await readForeign(limited, { name: 'abc' }, config)).value, { name: 'abc' })
  await assert.rejects(
    readForeign(limited, { name: 'ABC' }, config),
    /is not valid by its JSON Schema: \/name must match pattern/,
  )
  const latest = { ...config, 'auto.register.schemas': 'false', 'use.latest.version': 'true' }
  const named = s.struct({ name: s.string() }, { name: 'Named' })
  await assert.rejects(async () => converter(latest).fromConnect('foreign', named, { name: 'ABC' }), /must match pattern/)
  assert.equal(await text(converter(latest).fromConnect('foreign', named, { name: 'abc' })), '{"name":"abc"}')
})

test('schemas allow other members unless object.additional.properties is false', async () => {
  const schema = s.struct({ a: s.string() }, { name: 'A' })
  await converter({ 'object.additional.properties': 'false' }).fromConnect('t', schema, { a: 'x' })
  await converter().fromConnect('t', schema, { a: 'x' })
  const registered = registry.schemas.map(
    ({ schema: each }) => (JSON.parse(each) as { additionalProperties?: boolean }).additionalProperties,
  )
  assert.deepEqual(registered, [false, undefined])
})
