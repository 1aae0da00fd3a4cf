import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { AvroConverter, type Converter, Decimal, ProtobufConverter, schema as s } from '../../framework/index.ts'
import { registryJars, runJava } from '../kafka-tool/index.ts'
import { TestSchemaRegistry } from '../schema-registry.ts'
import { askJava, assertSameJson, envelopeOf } from './java-data.ts'
import { describedValues, type NamedValue, nullableValues, registryValues } from './registry-values.ts'

const jars = await registryJars()
const registry = await TestSchemaRegistry.start()
after(() => registry.stop())

/** Topics are subjects with Apicurio's strategy, `<topic>-value` with ours: either way one schema has one id. */
const APICURIO = {
  class: 'io.apicurio.registry.utils.converter.AvroConverter',
  config: {
    'apicurio.registry.url': `${registry.url}/apis/registry/v2`,
    'apicurio.registry.auto-register': 'true',
    'apicurio.registry.as-confluent': 'true',
    'apicurio.registry.use-id': 'globalId',
    'apicurio.registry.headers.enabled': 'false',
  },
} as const

function opened<C extends Converter>(converter: C, config: Readonly<Record<string, string>> = {}): C {
  converter.configure?.({ 'schema.registry.url': registry.url, 'converter.type': 'value', ...config })
  return converter
}

const avroValues: readonly NamedValue[] = [...registryValues, ...nullableValues, ...describedValues]

describe("Avro and Apicurio's AvroConverter for Kafka Connect, one registry between them", () => {
  test('Java reads what we write, logical types and decimals included', async () => {
    const ours = opened(new AvroConverter())
    const written = await Promise.all(avroValues.map(([, schema, value]) => ours.fromConnect('topic', schema, value)))
    const requests = written.map(bytes => ({
      ...APICURIO,
      do: 'read' as const,
      base64: Buffer.from(bytes ?? []).toString('base64'),
    }))
    const answers = await askJava(requests, jars)
    for (const [i, [what, schema, value]] of avroValues.entries()) assertSameJson(envelopeOf(schema, value), answers[i], what)
  })

  test('we read what Java writes, logical types and decimals included', async () => {
    const requests = avroValues.map(([, schema, value]) => ({
      ...APICURIO,
      do: 'write' as const,
      envelope: envelopeOf(schema, value),
    }))
    const answers = await askJava(requests, jars)
    const ours = opened(new AvroConverter())
    for (const [i, [what, schema, value]] of avroValues.entries()) {
      assert.equal(typeof answers[i], 'string', `${what}: ${JSON.stringify(answers[i])}`)
      const read = await ours.toConnect('topic', Buffer.from(String(answers[i]), 'base64'))
      assertSameJson(envelopeOf(read.schema, read.value), envelopeOf(schema, value), what)
    }
  })
})

async function askProto(requests: readonly object[]): Promise<unknown[]> {
  const input = requests.map(request => `${JSON.stringify(request)}\n`).join('')
  const result = await runJava({ file: 'registry/ProtoData.java', args: [], input, timeoutMs: 60_000, extraJars: jars })
  assert.equal(result.code, 0, result.stderr)
  return result.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

const order = s.struct(
  {
    id: s.int64(),
    small: s.int16({ optional: true }),
    price: s.decimal(2),
    day: s.date(),
    time: s.time(),
    at: s.timestamp(),
    raw: s.bytes(),
    lines: s.array(s.struct({ article: s.string(), count: s.int32() }, { name: 'org.example.Line' })),
    counts: s.map(s.int32(), s.string()),
  },
  { name: 'org.example.Order' },
)

const orderValue = {
  id: 9007199254740993n,
  small: null,
  price: Decimal.parse('-12.50'),
  day: new Date('2026-02-28T00:00:00Z'),
  time: new Date(86_399_999),
  at: new Date('1969-12-31T23:59:59.999Z'),
  raw: Uint8Array.of(0, 255),
  lines: [{ article: 'ä', count: -1 }],
  counts: new Map([[7, 'x']]),
}

/** The same as Protobuf's own JSON. */
const orderJson = {
  id: '9007199254740993',
  price: { value: '+x4=', precision: 4, scale: 2 },
  day: { year: 2026, month: 2, day: 28 },
  time: { hours: 23, minutes: 59, seconds: 59, nanos: 999_000_000 },
  at: '1969-12-31T23:59:59.999Z',
  raw: 'AP8=',
  lines: [{ article: 'ä', count: -1 }],
  counts: [{ key: 7, value: 'x' }],
}

/** Confluent's registry knows these, and does not want the first to be imported. */
const CONFLUENT_FILES = [
  {
    path: 'confluent/meta.proto',
    package: 'confluent',
    text: `syntax = "proto3"; package confluent; import "google/protobuf/descriptor.proto";
      message Meta { string doc = 1; map<string, string> params = 2; }
      extend google.protobuf.FieldOptions { Meta field_meta = 1088; }`,
  },
  {
    path: 'confluent/type/decimal.proto',
    package: 'confluent.type',
    text: `syntax = "proto3"; package confluent.type;
      message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }`,
  },
]

describe("Protobuf and Java's own, by the .proto file that was registered", () => {
  test('Java reads what we write, logical types and decimals included', async () => {
    const bytes = Buffer.from((await opened(new ProtobufConverter()).fromConnect('protobuf', order, orderValue)) ?? [])
    const { schema } = registry.schemas[bytes.readInt32BE(1) - 1] ?? { schema: '' }
    const base64 = bytes.subarray(5).toString('base64')
    const strict = schema.replace('import ', 'import "confluent/meta.proto";\nimport ')
    const [read] = await askProto([{ do: 'read', schema: strict, package: 'org.example', files: CONFLUENT_FILES, base64 }])
    assert.deepEqual(read, { name: 'org.example.Order', message: orderJson })
  })

  test('we read what Java writes with a schema of its own: nested messages, maps, enums, oneofs, wrappers, defaults', async () => {
    const schema = `syntax = "proto3";
      package org.example;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";
      message First { string a = 1; }
      message Second {
        message Inner {
          enum Color { RED = 0; GREEN = 3; }
          Color color = 1;
          map<string, int64> counts = 2;
          map<int32, First> firsts = 3;
          oneof choice { string text = 4; uint32 number = 5; }
          optional string maybe = 6;
          repeated sint64 list = 7;
          google.protobuf.Timestamp at = 8;
          google.protobuf.StringValue wrapped = 9;
          fixed64 zero = 10;
          optional int32 kept = 11;
          uint64 most = 12;
        }
      }`
    const message = {
      color: 'GREEN',
      counts: { a: '9007199254740993' },
      firsts: { 5: { a: 'x' } },
      number: 4_000_000_000,
      list: ['-1', '9007199254740993'],
      at: '2026-02-28T12:34:56.789Z',
      wrapped: 'w',
      kept: 0,
      most: '9223372036854775807',
    }
    const { id } = registry.register('foreign-value', { schema, schemaType: 'PROTOBUF' })
    const [base64] = await askProto([{ do: 'write', schema, package: 'org.example', indexes: [1, 0], message }])
    assert.equal(typeof base64, 'string', JSON.stringify(base64))
    const prefix = Buffer.alloc(5)
    prefix.writeInt32BE(id, 1)
    const bytes = Buffer.concat([prefix, Buffer.from(String(base64), 'base64')])
    const read = await opened(new ProtobufConverter()).toConnect('foreign', bytes)
    assert.deepEqual(read.value, {
      choice_0: { number: 4_000_000_000 },
      color: 'GREEN',
      counts: new Map([['a', 9007199254740993n]]),
      firsts: new Map([[5, { a: 'x' }]]),
      maybe: null,
      list: [-1, 9007199254740993n],
      at: new Date('2026-02-28T12:34:56.789Z'),
      wrapped: { value: 'w' },
      zero: 0,
      kept: 0,
      most: 9223372036854775807n,
    })
    const unwrapped = await opened(new ProtobufConverter(), { 'wrapper.for.nullables': 'true' }).toConnect('foreign', bytes)
    assert.equal((unwrapped.value as { wrapped: unknown }).wrapped, 'w')
  })
})
