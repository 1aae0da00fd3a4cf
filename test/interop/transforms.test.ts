import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ConnectRecord,
  connectRecord,
  Decimal,
  type Predicate,
  schema as s,
  type Transform,
  transformAliases,
} from '../../framework/index.ts'
import { askJava, assertSameJson, type EnvelopeJson, type JavaRequest, type RecordJson, recordJson } from './java-data.ts'

const JAVA = 'org.apache.kafka.connect.transforms.'
const KEEP_NULL = { 'replace.null.with.default': 'false' }
const REPLACE_NULL = { 'replace.null.with.default': 'true' }

type Config = Readonly<Record<string, string>>
type Case = readonly [type: string, config: Config, record: ConnectRecord]

const inner = s.struct({ street: s.string(), zip: s.int32({ optional: true, default: 9 }) })
const order = s.struct(
  {
    id: s.int64(),
    name: s.string({ optional: true, default: 'nobody' }),
    price: s.decimal(2),
    ratio: s.float64(),
    small: s.float32(),
    ok: s.boolean(),
    raw: s.bytes(),
    at: s.timestamp({ optional: true }),
    day: s.date(),
    text: s.string(),
    address: inner,
    other: s.struct({ city: s.string() }, { optional: true }),
    list: s.array(s.int32()),
    'dotted.name': s.string(),
  },
  { name: 'Order', version: 3, doc: 'an order', parameters: { a: 'b' } },
)

const structured = connectRecord({
  topic: 'orders-eu',
  partition: 3,
  offset: 42,
  timestamp: 1_767_225_600_123,
  keySchema: s.struct({ id: s.int32() }),
  key: { id: 300 },
  valueSchema: order,
  value: {
    id: 1_767_225_600_123,
    name: null,
    price: Decimal.parse('12.50'),
    ratio: 2.75,
    small: 0.5,
    ok: true,
    raw: Uint8Array.of(1, 2),
    at: new Date('2026-01-01T12:34:56.789Z'),
    day: new Date('2026-01-01T00:00:00Z'),
    text: '17',
    address: { street: 'Main', zip: null },
    other: null,
    list: [1, 2],
    'dotted.name': 'x',
  },
  headers: [
    { key: 'a', schema: s.string(), value: 'x' },
    { key: 'b', schema: s.int32(), value: 5 },
    { key: 'a', schema: null, value: null },
  ],
})

const schemaless = connectRecord({
  topic: 'orders-us',
  partition: 0,
  offset: 7,
  timestamp: -1,
  key: 'plain',
  value: {
    id: 12,
    text: '2026-01-01 10:11:12',
    when: 1_767_225_600_123,
    ok: true,
    ratio: 1.5,
    nested: { a: { b: 1 }, 'c.d': 'x' },
    none: null,
  },
})

const plain = connectRecord({
  topic: 'numbers',
  partition: 1,
  offset: 1,
  timestamp: 5,
  keySchema: s.int32(),
  key: 300,
  valueSchema: s.string({ optional: true }),
  value: '12',
})
const stamp = connectRecord({
  topic: 't',
  partition: 1,
  offset: 1,
  timestamp: 5,
  valueSchema: s.timestamp({ optional: true }),
  value: new Date('2026-01-01T12:34:56.789Z'),
})
const tombstone = connectRecord({ topic: 't', partition: 0, offset: 1, timestamp: 5, keySchema: s.int32(), key: 1 })
const WITH_VALUE = [structured, schemaless, plain]
const ofAll = [...WITH_VALUE, tombstone]

function each(type: string, config: Config, records: readonly ConnectRecord[] = ofAll): Case[] {
  return records.map(record => [type, config, record] as const)
}

const cases: readonly Case[] = [
  ...each('InsertField$Value', {
    'topic.field': 't',
    'partition.field': 'p!',
    'offset.field': 'o?',
    'timestamp.field': 'ts',
    'static.field': 's',
    'static.value': 'v',
  }),
  ...each('InsertField$Key', { 'topic.field': 't' }),
  ...each('ReplaceField$Value', { exclude: 'price,none', renames: 'id:number,text:words' }),
  ...each('ReplaceField$Value', { include: 'id,text', renames: 'id:number' }),
  ...each('MaskField$Value', { fields: 'id,ratio,ok,day,text,list,missing' }, [structured]),
  ...each('MaskField$Value', { fields: 'id,text,ok,ratio,none' }, WITH_VALUE),
  ...each('MaskField$Value', { fields: 'id,text', replacement: '7' }, WITH_VALUE),
  ...each('MaskField$Value', { fields: 'ok', replacement: '7' }, WITH_VALUE),
  ...each('MaskField$Value', { fields: 'raw' }, [structured]),
  ...each('ExtractField$Value', { field: 'id' }),
  ...each('ExtractField$Value', { field: 'missing' }),
  ...each('ExtractField$Key', { field: 'id' }),
  ...each('ExtractField$Value', { field: 'address.street', 'field.syntax.version': 'V2' }, [structured]),
  ...each('ExtractField$Value', { field: '`dotted.name`', 'field.syntax.version': 'V2' }, [structured]),
  ...each('ExtractField$Value', { field: 'nested.a.b', 'field.syntax.version': 'V2' }, [schemaless]),
  ...each('ExtractField$Value', { field: 'nested.`c.d`', 'field.syntax.version': 'V2' }, [schemaless]),
  ...each('ExtractField$Value', { field: 'nested.`c.d', 'field.syntax.version': 'V2' }, [schemaless]),
  ...each('ExtractField$Value', { field: 'nope.a', 'field.syntax.version': 'V2' }, [schemaless]),
  // Java's Flatten always replaces nulls by defaults.
  ...each('Flatten$Value', REPLACE_NULL),
  ...each('Flatten$Value', { delimiter: '_', ...REPLACE_NULL }),
  ...each('InsertField$Value', { 'topic.field': 't', ...REPLACE_NULL }),
  ...each('ReplaceField$Value', { exclude: 'price', ...REPLACE_NULL }),
  ...each('MaskField$Value', { fields: 'id', ...REPLACE_NULL }, [structured]),
  ...each('ExtractField$Value', { field: 'name', ...REPLACE_NULL }, [structured]),
  ...each('ExtractField$Value', { field: 'address.zip', 'field.syntax.version': 'V2', ...REPLACE_NULL }, [structured]),
  ...each('HeaderFrom$Value', { fields: 'name', headers: 'h', operation: 'copy', ...REPLACE_NULL }, [structured]),
  ...each('Cast$Value', { spec: 'name:string', ...REPLACE_NULL }, [structured]),
  ...each('ValueToKey', { fields: 'name', ...REPLACE_NULL }, [structured]),
  ...each('HoistField$Value', { field: 'f' }),
  ...each('HoistField$Key', { field: 'f' }),
  ...each('HeaderFrom$Value', { fields: 'id,text', headers: 'h1,h2', operation: 'move' }, WITH_VALUE),
  ...each('HeaderFrom$Value', { fields: 'id', headers: 'h1', operation: 'copy' }, WITH_VALUE),
  ...each('HeaderFrom$Value', { fields: 'id,text', headers: 'h1', operation: 'copy' }, [structured]),
  ...each('HeaderFrom$Value', { fields: 'missing', headers: 'h1', operation: 'copy' }, WITH_VALUE),
  ...each('DropHeaders', { headers: 'a' }),
  ...each('InsertHeader', { header: 'a', 'value.literal': '5' }),
  ...each('InsertHeader', { header: 'a', 'value.literal': 'text' }),
  ...each('Filter', {}),
  ...each('RegexRouter', { regex: '(.*)-(.*)', replacement: '$2.$1' }),
  ...each('RegexRouter', { regex: '(?<a>[a-z]+)-.*', replacement: `$\{a}\\$1` }),
  ...each('RegexRouter', { regex: 'orders', replacement: 'x' }),
  ...each('RegexRouter', { regex: '(?i)ORDERS\\-(EU|US)', replacement: 'x$1' }),
  ...each('RegexRouter', { regex: '(o).*', replacement: '$2' }, [structured]),
  ...each('TimestampRouter', {}),
  ...each('TimestampRouter', { 'topic.format': `a.$\{timestamp}.$\{topic}`, 'timestamp.format': "yyyy-MM-dd'T'HH" }),
  ...each('SetSchemaMetadata$Value', { 'schema.name': 'New', 'schema.version': '9' }, [structured, schemaless, tombstone]),
  ...each('SetSchemaMetadata$Key', { 'schema.name': 'New' }, [structured, schemaless]),
  ...each('ValueToKey', { fields: 'id,text' }),
  ...each('ValueToKey', { fields: 'missing' }),
  ...each('Cast$Value', { spec: 'id:int8,ratio:int32,small:float64,ok:string,raw:string,at:int64,day:string,text:float32' }, [
    structured,
  ]),
  ...each('Cast$Value', { spec: 'id:string,ratio:boolean,ok:int8,text:int64,price:float64' }, [structured]),
  ...each('Cast$Value', { spec: 'at:string,ratio:string,small:string,price:string,id:float64' }, [structured]),
  ...each('Cast$Value', { spec: 'list:string' }, [structured]),
  ...each('Cast$Value', { spec: 'text:int8,missing:string' }),
  ...each('Cast$Value', { spec: 'id:string,ok:int32,ratio:int8,none:string' }, [schemaless]),
  ...each('Cast$Value', { spec: 'int64' }, [plain, tombstone]),
  ...each('Cast$Key', { spec: 'int8' }, [plain, tombstone]),
  ...each('Cast$Key', { spec: 'string' }, [schemaless]),
  ...each('Cast$Value', { spec: 'int32,a:int8' }, [plain]),
  ...each('Cast$Value', { spec: 'a:bytes' }, [plain]),
  ...['string', 'unix', 'Date', 'Time', 'Timestamp'].flatMap(type => [
    ...each('TimestampConverter$Value', { 'target.type': type, format: 'yyyy-MM-dd HH:mm:ss.SSS' }, [stamp, tombstone]),
    ...each('TimestampConverter$Value', { 'target.type': type, field: 'at', format: 'EEE, d MMM yyyy h:mm a' }, [structured]),
    ...each('TimestampConverter$Value', { 'target.type': type, field: 'id', format: 'yyMMddHHmmssSSS' }, [structured]),
  ]),
  // Java has no JSON for a date without a schema, so that it cannot say what it made.
  ...['string', 'unix'].flatMap(type => [
    ...each('TimestampConverter$Value', { 'target.type': type, field: 'text', format: 'yyyy-MM-dd HH:mm:ss' }, [schemaless]),
    ...each(
      'TimestampConverter$Value',
      { 'target.type': type, field: 'when', format: 'yyyyMMdd', 'unix.precision': 'microseconds' },
      [schemaless],
    ),
  ]),
  ...each('TimestampConverter$Value', { 'target.type': 'string' }, [stamp]),
  ...each('TimestampConverter$Value', { 'target.type': 'unix', field: 'text', format: 'yyyy' }, [plain]),
  ...each('TimestampConverter$Value', { 'target.type': 'unix', format: 'dd' }, [plain]),
]

/** The record that ours makes of it; undefined = it threw. */
async function ours([type, config, record]: Case): Promise<ConnectRecord | null | Error> {
  const transform = new (transformAliases.get(JAVA + type)!)() as Transform
  try {
    transform.configure?.({ ...KEEP_NULL, ...config })
    return (await transform.apply([record]))[0] ?? null
  } catch (error) {
    assert.ok(error instanceof Error)
    return error
  }
}

function request(type: string, config: Config, record: ConnectRecord): JavaRequest {
  return { do: 'transform', class: JAVA + type, config: { ...KEEP_NULL, ...config }, record: recordJson(record) }
}

function isError(answer: unknown): answer is { readonly error: string } {
  return typeof answer === 'object' && answer !== null && 'error' in answer
}

function assertSameRecord(ourRecord: ConnectRecord, java: RecordJson, what: string): void {
  const mine = recordJson(ourRecord)
  assert.deepEqual([mine.topic, mine.partition, mine.timestamp], [java.topic, java.partition, java.timestamp], what)
  assertSameJson(mine.key, java.key, `key: ${what}`)
  assertSameJson(mine.value, java.value, `value: ${what}`)
  const names = (headers: RecordJson['headers']) => headers.map(([name]) => name)
  assert.deepEqual(names(mine.headers), names(java.headers), what)
  for (const [i, [, value]] of mine.headers.entries())
    assertSameJson(value as EnvelopeJson, java.headers[i]?.[1], `header ${i}: ${what}`)
}

test('every transform makes of a record what Java makes of it, and refuses what Java refuses', async () => {
  const answers = await askJava(cases.map(([type, config, record]) => request(type, config, record)))
  const wrong: string[] = []
  for (const [i, one] of cases.entries()) {
    const what = `${one[0]} ${JSON.stringify(one[1])} ${one[2].topic}`
    const java = answers[i]
    const mine = await ours(one)
    try {
      if (mine instanceof Error || isError(java)) {
        assert.ok(mine instanceof Error && isError(java), `${what}: ours ${mine}, Java ${JSON.stringify(java)}`)
      } else if (mine === null || java === null) assert.equal(mine, java, what)
      else assertSameRecord(mine, java as RecordJson, what)
    } catch (error) {
      wrong.push(String(error))
    }
  }
  assert.deepEqual(wrong, [])
})

/** Where Java throws although there is something to be done. */
const kinder: readonly (readonly [...Case, check: (made: ConnectRecord) => void])[] = [
  ['MaskField$Value', { fields: 'id' }, tombstone, made => assert.equal(made, tombstone)],
  ['HeaderFrom$Value', { fields: 'id', headers: 'h', operation: 'copy' }, tombstone, made => assert.equal(made, tombstone)],
  [
    'MaskField$Value',
    { fields: 'price' },
    structured,
    made => assert.equal(String((made.value as { price: unknown }).price), '0.00'),
  ],
  ['SetSchemaMetadata$Key', { 'schema.name': 'New' }, plain, made => assert.deepEqual(made.keySchema, s.int32({ name: 'New' }))],
  [
    'ExtractField$Value',
    { field: 'other.city', 'field.syntax.version': 'V2' },
    structured,
    made => assert.deepEqual([made.valueSchema, made.value], [s.string({ optional: true }), null]),
  ],
]

test('tombstones pass masks and header transforms, decimals are masked, any schema is renamed: Java throws', async () => {
  const answers = await askJava(kinder.map(([type, config, record]) => request(type, config, record)))
  for (const [i, [type, config, record, check]] of kinder.entries()) {
    assert.ok(isError(answers[i]), `${type}: Java ${JSON.stringify(answers[i])}`)
    check((await ours([type, config, record])) as ConnectRecord)
  }
})

test('every predicate says of a record what Java says', async () => {
  const predicates: readonly (readonly [string, Config])[] = [
    ['TopicNameMatches', { pattern: 'orders-(eu|us)' }],
    ['TopicNameMatches', { pattern: 'orders' }],
    ['HasHeaderKey', { name: 'b' }],
    ['RecordIsTombstone', {}],
  ]
  const asked = predicates.flatMap(([name, config]) =>
    ofAll.map(record => [`${JAVA}predicates.${name}`, config, record] as const),
  )
  const answers = await askJava(
    asked.map(([name, config, record]) => ({ do: 'predicate', class: name, config, record: recordJson(record) })),
  )
  const mine = asked.map(([name, config, record]) => {
    const predicate = new (transformAliases.get(name)!)() as Predicate
    predicate.configure?.(config)
    return predicate.test(record)
  })
  assert.deepEqual(mine, answers)
})
