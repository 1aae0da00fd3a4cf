import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ConnectValue, Converter, HeaderConverter, Schema } from '../../framework/index.ts'
import {
  BooleanConverter,
  ByteArrayConverter,
  Decimal,
  DoubleConverter,
  FloatConverter,
  IntegerConverter,
  JsonConverter,
  LongConverter,
  ShortConverter,
  SimpleHeaderConverter,
  StringConverter,
  schema as s,
} from '../../framework/index.ts'
import { askJava, assertSameJson, envelopeOf, type JavaRequest } from './java-data.ts'

type Pair = readonly [schema: Schema | null, value: ConnectValue]

const address = s.struct({ street: s.string(), zip: s.int32({ optional: true, default: 1 }) }, { name: 'Address', version: 2 })

/** A value of every type. */
const values: readonly Pair[] = [
  [s.int8(), -128],
  [s.int16(), 32767],
  [s.int32(), -2147483648],
  [s.int64(), 9007199254740993n],
  [s.int64(), -9223372036854775808n],
  [s.int64({ default: 9223372036854775807n }), 5],
  [s.float32(), Math.fround(0.1)],
  [s.float64(), -0.25],
  [s.boolean(), true],
  [s.string({ doc: 'a doc', parameters: { a: 'b' } }), 'ü"\\\n'],
  [s.bytes(), Uint8Array.of(0, 255, 16)],
  [s.string({ optional: true }), null],
  [s.decimal(2), Decimal.parse('-123456789012345678901.25')],
  [s.decimal(-2), Decimal.parse('1200').withScale(-2)],
  [s.date(), new Date('2026-02-28T00:00:00Z')],
  [s.date(), new Date('1969-12-31T00:00:00Z')],
  [s.time(), new Date(86_399_999)],
  [s.timestamp(), new Date('2026-02-28T12:34:56.789Z')],
  [s.array(s.int32()), [1, 2, 3]],
  [
    s.map(s.string(), s.int64()),
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  ],
  [
    s.map(s.int32(), s.string({ optional: true })),
    new Map([
      [1, 'x'],
      [2, null],
    ]),
  ],
  [address, { street: 'Main', zip: null }],
  [
    s.struct({ at: address, list: s.array(address), when: s.timestamp({ optional: true }) }),
    { at: { street: 'a' }, list: [{ street: 'b', zip: 3 }] },
  ],
  [null, 'text'],
  [null, 12],
  [null, { a: [1, { b: null }], c: true }],
]

async function agree(
  java: string,
  make: () => Converter,
  pairs: readonly Pair[],
  config: Readonly<Record<string, string>> = {},
  same: 'bytes' | 'json' = 'bytes',
): Promise<void> {
  const ours = make()
  ours.configure?.(config)
  const written = await Promise.all(
    pairs.map(async ([schema, value]) => Buffer.from((await ours.fromConnect('topic', schema, value)) ?? [])),
  )
  const common = { class: java, config: { 'replace.null.with.default': 'false', ...config } }
  const requests: JavaRequest[] = [
    ...pairs.map(([schema, value]) => ({ ...common, do: 'write' as const, envelope: envelopeOf(schema, value) })),
    ...written.map(bytes => ({ ...common, do: 'read' as const, base64: bytes.toString('base64') })),
  ]
  const answers = await askJava(requests)
  for (const [i, bytes] of written.entries()) {
    const what = `${java} ${envelopeOf(...pairs[i]!)}`
    const text = Buffer.from(String(answers[i]), 'base64')
    if (same === 'json') assertSameJson(bytes.toString(), text.toString(), what)
    else assert.equal(bytes.toString('latin1'), text.toString('latin1'), `written by ${what}: ${JSON.stringify(answers[i])}`)
    for (const written of [bytes, text]) {
      const read = await ours.toConnect('topic', written)
      assertSameJson(envelopeOf(read.schema, read.value), answers[pairs.length + i], `read by ${what}`)
    }
  }
}

describe('converters write and read what Java does', () => {
  test('JSON with its schema, to the byte', async () => {
    await agree('org.apache.kafka.connect.json.JsonConverter', () => new JsonConverter(), values)
  })

  test('JSON without its schema', async () => {
    await agree('org.apache.kafka.connect.json.JsonConverter', () => new JsonConverter(), values, { 'schemas.enable': 'false' })
  })

  test('floats of any size and emoji, in other characters that mean the same', async () => {
    const pairs = [1.5e-7, 1e21, 5, -1e10].map(value => [s.float64(), value] as const)
    await agree(
      'org.apache.kafka.connect.json.JsonConverter',
      () => new JsonConverter(),
      [...pairs, [s.string(), '😀']],
      {},
      'json',
    )
  })

  test('decimals in both formats keep all their digits, both ways', async () => {
    const price = s.struct({ price: s.decimal(2), none: s.decimal(2, { optional: true }) }, { name: 'Price' })
    const pairs: readonly Pair[] = [
      ...values.filter(([schema]) => schema?.name?.endsWith('Decimal')),
      [s.decimal(0), Decimal.parse('-79228162514264337593543950336')],
      [s.decimal(18), Decimal.parse('0.000000000000000001')],
      [s.array(s.decimal(1)), [Decimal.parse('0.0'), Decimal.parse('-0.1')]],
      [price, { price: Decimal.parse('9007199254740993.01'), none: null }],
    ]
    for (const format of ['BASE64', 'NUMERIC']) {
      const config = { 'decimal.format': format }
      await agree('org.apache.kafka.connect.json.JsonConverter', () => new JsonConverter(), pairs, config, 'json')
    }
  })

  test('dates, times and timestamps from before 1970 to the last of a day, both ways', async () => {
    const days = ['1582-10-15', '1969-12-31', '1970-01-01', '2026-02-28', '9999-12-31']
    const pairs: readonly Pair[] = [
      ...days.map(day => [s.date(), new Date(`${day}T00:00:00Z`)] as const),
      ...days.map(day => [s.timestamp(), new Date(`${day}T23:59:59.999Z`)] as const),
      ...[0, 1, 86_399_999].map(ms => [s.time(), new Date(ms)] as const),
      [s.timestamp({ optional: true }), null],
      [s.map(s.string(), s.timestamp()), new Map([['at', new Date(-1)]])],
    ]
    await agree('org.apache.kafka.connect.json.JsonConverter', () => new JsonConverter(), pairs)
  })

  test('maps whose keys are no texts are lists of pairs, with an envelope and without, both ways', async () => {
    const pairs: readonly Pair[] = [
      [s.map(s.int8(), s.boolean()), new Map([[-1, true]])],
      [s.map(s.int64(), s.string()), new Map([[9007199254740993n, 'x']])],
      [s.map(s.boolean(), s.int32({ optional: true })), new Map([[false, null]])],
      [s.map(s.float64(), s.int32()), new Map([[0.5, 1]])],
      [s.map(s.date(), s.decimal(1)), new Map([[new Date(0), Decimal.parse('1.5')]])],
      [s.map(address, s.array(s.int32())), new Map([[{ street: 'a', zip: 1 }, [1, 2]]])],
      [s.map(s.int32(), s.map(s.int32(), s.string())), new Map([[1, new Map([[2, 'x']])]])],
      [s.map(s.int32(), s.string()), new Map()],
    ]
    for (const enable of ['true', 'false']) {
      await agree('org.apache.kafka.connect.json.JsonConverter', () => new JsonConverter(), pairs, { 'schemas.enable': enable })
    }
  })

  test('text and bytes', async () => {
    await agree('org.apache.kafka.connect.storage.StringConverter', () => new StringConverter(), [
      [s.string(), 'grüße'],
      [s.int32(), 12],
      [s.float64(), 1e10],
      [s.float64(), 12],
      [s.float32(), Math.fround(0.1)],
      [s.boolean(), false],
      [s.array(s.int32()), [1, 2]],
      [s.map(s.string(), s.int32()), new Map([['a', 1]])],
      [address, { street: 'Main', zip: 4 }],
    ])
    await agree('org.apache.kafka.connect.storage.StringConverter', () => new StringConverter(), [[s.string(), 'grüße']], {
      'converter.encoding': 'ISO-8859-1',
    })
    await agree('org.apache.kafka.connect.converters.ByteArrayConverter', () => new ByteArrayConverter(), [
      [s.bytes(), Uint8Array.of(0, 255)],
    ])
  })

  test('numbers in the encodings of Kafka', async () => {
    const cases: readonly (readonly [string, () => Converter, readonly Pair[]])[] = [
      [
        'BooleanConverter',
        () => new BooleanConverter(),
        [
          [s.boolean(), true],
          [s.boolean(), false],
        ],
      ],
      ['ShortConverter', () => new ShortConverter(), [[s.int16(), -2]]],
      ['IntegerConverter', () => new IntegerConverter(), [[s.int32(), -2147483648]]],
      [
        'LongConverter',
        () => new LongConverter(),
        [
          [s.int64(), -9007199254740993n],
          [s.int64(), 7],
        ],
      ],
      ['FloatConverter', () => new FloatConverter(), [[s.float32(), Math.fround(0.1)]]],
      ['DoubleConverter', () => new DoubleConverter(), [[s.float64(), 0.1]]],
    ]
    for (const [name, make, pairs] of cases) await agree(`org.apache.kafka.connect.converters.${name}`, make, pairs)
  })
})

describe('header values', () => {
  const java = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'
  const read = (text: string, converter: HeaderConverter = new SimpleHeaderConverter()) =>
    converter.toConnectHeader('topic', 'key', Buffer.from(text))

  test('are read as Java reads them', async () => {
    const texts = [
      '',
      'null',
      'true',
      'false',
      'text',
      '12',
      '-129',
      '40000',
      '3000000000',
      '0012',
      '1.5',
      '1e5',
      '1.0',
      '.5',
      '-.5',
      '5.',
      '0x1',
      '1_0',
      '1f',
      '1e400',
      '-0.0',
      '-0.25',
      '99999999999999999999',
      '2026-02-28',
      '12:34:56.789Z',
      '2026-02-28T12:34:56.789Z',
      '[1, 2, 300]',
      '["a", "b"]',
      '{"a": 1, "b": 2}',
      '[1, 1.5]',
      '{1: "x"}',
      'a:b',
      'true}',
      '[1, 2',
      '-',
      '+5',
      'NaN',
      '"quoted"',
      '[[1], [2]]',
      '[2026-02-28]',
    ]
    const answers = await askJava(
      texts.map(text => ({ do: 'read', class: java, config: {}, header: true, base64: Buffer.from(text).toString('base64') })),
    )
    for (const [i, text] of texts.entries()) {
      const { schema, value } = await read(text)
      assertSameJson(envelopeOf(schema, value), answers[i], text)
    }
  })

  // Left out: decimals of a negative scale (Java writes 1.2E+3, which both read as 1200), and days before 1970, which Java writes as a time.
  test('are written as Java writes them', async () => {
    const pairs = values.filter(
      ([schema, value]) =>
        schema?.parameters?.scale !== '-2' &&
        !(value instanceof Date && value.getTime() < 0) &&
        Object.getPrototypeOf(value ?? 0) !== Object.prototype,
    )
    const answers = await askJava(
      pairs.map(([schema, value]) => ({
        do: 'write',
        class: java,
        config: {},
        header: true,
        envelope: envelopeOf(schema, value),
      })),
    )
    const converter = new SimpleHeaderConverter()
    for (const [i, [schema, value]] of pairs.entries()) {
      const bytes = Buffer.from(converter.fromConnectHeader('topic', 'key', schema, value) ?? [])
      assert.equal(bytes.toString(), Buffer.from(String(answers[i]), 'base64').toString(), JSON.stringify(answers[i]))
    }
  })
})
