import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ConnectRecord,
  type ConnectValue,
  connectRecord,
  Decimal,
  type Schema,
  schema as s,
  type Transform,
  transformAliases,
} from '../../framework/index.ts'
import { askJava, type RecordJson, recordJson } from './java-data.ts'

const TYPES = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string']
const CAST = 'org.apache.kafka.connect.transforms.Cast$Value'

const of = (schema: Schema, ...values: ConnectValue[]) => values.map(value => [schema, value] as const)

/** The edges of every type. */
const inputs = [
  ...of(s.int8(), -128, 0, 127),
  ...of(s.int16(), 300, -32768),
  ...of(s.int32(), 70000, -2147483648),
  ...of(s.int64(), 9007199254740993n, -9223372036854775808n, 4294967296, 255),
  ...of(s.float32(), 0.5, -1.5, 1e10, Math.fround(3.4e38), 16777216),
  ...of(s.float64(), 0.1, -2.9, 1e10, 1e19, -1e300, 128.7, 0),
  ...of(s.boolean(), true, false),
  ...of(s.string(), '1', '-129', '1.5', 'true', 'TRUE', 'x', '', '9223372036854775808', '+5', ' 5', 'NaN', '1e3', '0.1'),
  ...of(s.bytes(), Uint8Array.of(1, 2)),
  ...of(s.decimal(2), Decimal.parse('-300.75'), Decimal.parse('99999999999999999999.00')),
  ...of(s.date(), new Date('2026-01-02T00:00:00Z')),
  ...of(s.time(), new Date(12_345_678)),
  ...of(s.timestamp(), new Date('2026-01-02T03:04:05.006Z')),
  ...of(s.array(s.int8()), [1]),
  ...of(s.int32({ optional: true, default: 300 }), null),
]

function record(valueSchema: Schema, value: ConnectValue): ConnectRecord {
  return connectRecord({ topic: 't', partition: 0, offset: 0, timestamp: 1, valueSchema, value })
}

/** Each as a field; as the whole value too where its schema has no name, which Java would leave on the new type. */
const cases = inputs.flatMap(([schema, value]) =>
  TYPES.flatMap(type => [
    { spec: `a:${type}`, input: record(s.struct({ a: schema }), { a: value }) },
    ...(schema.name === undefined ? [{ spec: type, input: record(schema, value) }] : []),
  ]),
)

async function ours(spec: string, input: ConnectRecord): Promise<string> {
  const cast = new (transformAliases.get(CAST)!)() as Transform
  cast.configure?.({ spec })
  try {
    const [made] = await cast.apply([input])
    return comparable(recordJson(made!).value)
  } catch (error) {
    assert.equal((error as Error).name, 'DataError', String(error))
    return 'refused'
  }
}

/** The digits in which a float is printed are not compared, the float is. */
function comparable(envelope: string | null): string {
  const inFloats = /"type":"(float|double)"/.test(envelope ?? '')
  return JSON.stringify(JSON.parse(envelope ?? 'null'), (_key, value) =>
    inFloats && typeof value === 'number' ? Math.fround(value) : value,
  )
}

test('every type is cast to every other as Java casts it, or refused by both', async () => {
  const config = { 'replace.null.with.default': 'false' }
  const answers = await askJava(
    cases.map(({ spec, input }) => ({ do: 'transform', class: CAST, config: { ...config, spec }, record: recordJson(input) })),
  )
  const different: string[] = []
  for (const [i, { spec, input }] of cases.entries()) {
    const answer = answers[i] as RecordJson | { readonly error: string }
    const java = 'error' in answer ? 'refused' : comparable(answer.value)
    const mine = await ours(spec, input)
    if (mine !== java) different.push(`${spec} of ${recordJson(input).value}: ours ${mine}, Java ${java}`)
  }
  assert.deepEqual(different, [])
  assert.ok(cases.length > 600)
})
