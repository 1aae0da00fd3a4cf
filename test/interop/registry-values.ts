import { type ConnectValue, Decimal, type Schema, schema as s } from '../../framework/index.ts'

/** What a converter with a registry is given; structs, since that is what all formats take. */
export type NamedValue = readonly [name: string, schema: Schema, value: ConnectValue]

const line = s.struct({ article: s.string(), count: s.int32() }, { name: 'Line' })

const everyType = s.struct(
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
  },
  { name: 'EveryType' },
)

/** The names of the structs have no package, since Protobuf's converter leaves packages out when it reads. */
export const registryValues: readonly NamedValue[] = [
  [
    'every type at its limit',
    everyType,
    {
      i8: -128,
      i16: 32767,
      i32: -2147483648,
      i64: 9007199254740993n,
      f32: 0.5,
      f64: -0.1,
      ok: true,
      text: 'grüße 😀',
      raw: Uint8Array.of(0, 128, 255),
    },
  ],
  [
    'zeros and empty ones',
    everyType,
    { i8: 0, i16: 0, i32: 0, i64: 0, f32: 0, f64: 0, ok: false, text: '', raw: new Uint8Array(0) },
  ],
  [
    'decimals, dates, times and timestamps',
    s.struct({ price: s.decimal(2), none: s.decimal(0), day: s.date(), time: s.time(), at: s.timestamp() }, { name: 'Logical' }),
    {
      price: Decimal.parse('-123456789012345678901.25'),
      none: Decimal.parse('12'),
      day: new Date('2026-02-28T00:00:00Z'),
      time: new Date(86_399_999),
      at: new Date('2026-02-28T12:34:56.789Z'),
    },
  ],
  [
    'a day and a moment before 1970',
    s.struct({ price: s.decimal(3), day: s.date(), time: s.time(), at: s.timestamp() }, { name: 'Early' }),
    {
      price: Decimal.parse('0.001'),
      day: new Date('1969-12-31T00:00:00Z'),
      time: new Date(0),
      at: new Date('1969-12-31T23:59:59.999Z'),
    },
  ],
  [
    'lists, maps and structs in structs',
    s.struct(
      {
        lines: s.array(line),
        numbers: s.array(s.int64()),
        tags: s.map(s.string(), s.string()),
        counts: s.map(s.int32(), s.int64()),
        days: s.map(s.string(), s.struct({ day: s.date() }, { name: 'Day' })),
        first: line,
      },
      { name: 'Nested' },
    ),
    {
      lines: [
        { article: 'a', count: 1 },
        { article: 'b', count: -2 },
      ],
      numbers: [1, -1, 9007199254740993n],
      tags: new Map([['k', 'v']]),
      counts: new Map([[7, 8]]),
      days: new Map([['x', { day: new Date('2026-01-02T00:00:00Z') }]]),
      first: { article: 'c', count: 3 },
    },
  ],
]

/** Nulls, which Protobuf has otherwise. */
export const nullableValues: readonly NamedValue[] = [
  [
    'what may be null, and is',
    s.struct(
      {
        number: s.int32({ optional: true }),
        text: s.string({ optional: true }),
        price: s.decimal(2, { optional: true }),
        at: s.timestamp({ optional: true }),
        inner: s.struct({ article: s.string(), count: s.int32() }, { name: 'Line', optional: true }),
      },
      { name: 'Nullable' },
    ),
    { number: null, text: null, price: null, at: null, inner: null },
  ],
  [
    'what may be null, and is not',
    s.struct(
      {
        number: s.int32({ optional: true }),
        text: s.string({ optional: true }),
        price: s.decimal(2, { optional: true }),
        at: s.timestamp({ optional: true }),
        inner: s.struct({ article: s.string(), count: s.int32() }, { name: 'Line', optional: true }),
      },
      { name: 'Nullable' },
    ),
    { number: 5, text: 'x', price: Decimal.parse('1.50'), at: new Date(1), inner: { article: 'a', count: 1 } },
  ],
]

const rich = s.struct(
  {
    a: s.int32({ default: 5, doc: 'how many', parameters: { unit: 'pieces' } }),
    b: s.string({ optional: true, default: 'x' }),
    raw: s.bytes({ default: Uint8Array.of(1, 255) }),
    price: s.decimal(2, { default: Decimal.parse('1.25') }),
    list: s.array(s.int32(), { default: [1, 2], doc: 'a list' }),
  },
  { name: 'Rich', version: 3, doc: 'an order', parameters: { owner: 'me' } },
)

/** Defaults, documentation, versions and parameters, which Protobuf has no place for. */
export const describedValues: readonly NamedValue[] = [
  [
    'defaults, documentation, versions and parameters',
    rich,
    { a: 1, b: 'y', raw: Uint8Array.of(7), price: Decimal.parse('0.00'), list: [] },
  ],
]

/** Values that are no structs. */
export const bareValues: readonly NamedValue[] = [
  ['an int8 alone', s.int8(), -5],
  ['an int32 alone', s.int32(), 0],
  ['an int64 alone', s.int64(), -9007199254740993n],
  ['a float alone', s.float32(), 0.5],
  ['a double alone', s.float64(), 0.1],
  ['a boolean alone', s.boolean(), true],
  ['a text alone', s.string(), 'grüße'],
  ['bytes alone', s.bytes(), Uint8Array.of(0, 255)],
]

/** Lists, maps and logical types alone, which Protobuf has not. */
export const bareOthers: readonly NamedValue[] = [
  ['a list alone', s.array(s.int32({ optional: true })), [1, null]],
  ['a map alone', s.map(s.string(), s.int32()), new Map([['a', 1]])],
  ['a map without text keys alone', s.map(s.int64(), s.string({ optional: true })), new Map([[1, null]])],
  ['a decimal alone', s.decimal(3), Decimal.parse('1.125')],
  ['a timestamp alone', s.timestamp(), new Date(5)],
]

const union = (name: string, field: (type: string, at: number) => string) =>
  s.struct(
    [
      [field('int', 0), s.int32({ optional: true })],
      [field('string', 1), s.string({ optional: true })],
      [field('Line', 2), s.struct({ article: s.string(), count: s.int32() }, { name: 'Line', optional: true })],
    ],
    { name, optional: true },
  )

const holder = (schema: Schema) => s.struct({ one: schema, same: schema, none: schema }, { name: 'Holder' })

/** One of several types, as each format has it. */
export const unions = {
  avro: holder(union('io.confluent.connect.avro.Union', type => type)),
  json: holder(union('io.confluent.connect.json.OneOf', (_type, at) => `io.confluent.connect.json.OneOf.field.${at}`)),
}

export const unionValue = (field: (type: string, at: number) => string): ConnectValue => ({
  one: { [field('string', 1)]: 'x' },
  same: { [field('Line', 2)]: { article: 'a', count: 1 } },
  none: null,
})

/** Symbols of an enum, as each format has it. */
export const enumOf = (parameter: string, name: string, number: (symbol: string, at: number) => string): Schema =>
  s.struct(
    {
      color: s.string({
        ...(name !== '' && { name }),
        ...(parameter.includes('protobuf') && { optional: true }),
        parameters: Object.fromEntries([
          [parameter, name],
          ...['RED', 'GREEN'].map((symbol, at) => [`${parameter}.${symbol}`, number(symbol, at)] as const),
        ]),
      }),
    },
    { name: 'Painted' },
  )

export const enums = {
  avro: enumOf('io.confluent.connect.avro.Enum', 'Color', symbol => symbol),
  json: enumOf('io.confluent.connect.json.Enum', '', symbol => symbol),
  protobuf: enumOf('io.confluent.connect.protobuf.Enum', 'Color', (_symbol, at) => String(at)),
}

/** A oneof and numbers of one's own, as Protobuf has them. */
export const choice = s.struct(
  {
    choice_0: s.struct(
      {
        number: s.int32({ optional: true, parameters: { 'io.confluent.connect.protobuf.Tag': '3' } }),
        text: s.string({ optional: true, parameters: { 'io.confluent.connect.protobuf.Tag': '7' } }),
      },
      { name: 'io.confluent.connect.protobuf.Union.choice', optional: true },
    ),
    id: s.int64({
      optional: true,
      parameters: { 'io.confluent.connect.protobuf.Tag': '5', 'io.confluent.connect.protobuf.Type': 'sint64' },
    }),
  },
  { name: 'Choice' },
)
