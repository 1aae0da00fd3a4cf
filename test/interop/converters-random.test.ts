import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectValue, Decimal, JsonConverter, type Schema, type SchemaTraits, schema as s } from '../../framework/index.ts'
import { askJava, assertSameJson, envelopeOf } from './java-data.ts'

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const SEED = 20261124
const random = seeded(SEED)
const below = (n: number) => Math.floor(random() * n)
const oneOf = <T>(choices: readonly T[]): T => choices[below(choices.length)]!
const text = () =>
  Array.from({ length: below(8) }, () => oneOf(['a', 'Z', '0', ' ', '"', '\\', '\n', 'ü', '€', '/', '\u0001'])).join('')
const bits = (n: bigint): number | bigint => {
  const value = BigInt.asIntN(
    Number(n),
    BigInt(Math.floor(random() * 2 ** 32)) * BigInt(Math.floor(random() * 2 ** 32)) + BigInt(below(100)),
  )
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

interface Kind {
  readonly schema: (traits: SchemaTraits) => Schema
  readonly value: () => ConnectValue
}

function leaf(): Kind {
  return oneOf<Kind>([
    { schema: s.int8, value: () => bits(8n) },
    { schema: s.int16, value: () => bits(16n) },
    { schema: s.int32, value: () => bits(32n) },
    { schema: s.int64, value: () => bits(64n) },
    { schema: s.float32, value: () => Math.fround(below(1000) / 8) },
    { schema: s.float64, value: () => (random() - 0.5) * 10 ** below(15) },
    { schema: s.boolean, value: () => random() < 0.5 },
    { schema: s.string, value: text },
    { schema: s.bytes, value: () => Uint8Array.from({ length: below(6) }, () => below(256)) },
    { schema: traits => s.decimal(3, traits), value: () => new Decimal(BigInt(bits(64n)) ** BigInt(1 + below(3)), 3) },
    { schema: traits => s.date(traits), value: () => new Date((below(60_000) - 20_000) * 86_400_000) },
    { schema: traits => s.time(traits), value: () => new Date(below(86_400_000)) },
    { schema: traits => s.timestamp(traits), value: () => new Date(below(2 ** 31) * 1000 - 2 ** 40) },
  ])
}

function nested(depth: number): Kind {
  const choice = below(4)
  if (choice === 0) {
    const item = some(depth - 1)
    return { schema: traits => s.array(item.schema, traits), value: () => Array.from({ length: below(4) }, item.value) }
  }
  if (choice === 1) {
    const [key, item] = [
      random() < 0.5 ? { schema: s.string(), value: text } : { schema: s.int32(), value: () => bits(32n) },
      some(depth - 1),
    ]
    return {
      schema: traits => s.map(key.schema, item.schema, traits),
      value: () => new Map(Array.from({ length: below(2) }, () => [key.value(), item.value()])),
    }
  }
  const fields = Array.from({ length: 1 + below(5) }, (_, i) => [`f${i}${text()}`, some(depth - 1)] as const)
  return {
    schema: traits =>
      s.struct(
        fields.map(([name, field]) => [name, field.schema] as const),
        { name: 'Some', ...traits },
      ),
    value: () => Object.fromEntries(fields.map(([name, field]) => [name, field.value()])),
  }
}

/** A kind with traits of its own, sometimes null. */
function some(depth: number): { readonly schema: Schema; readonly value: () => ConnectValue } {
  const isLeaf = depth === 0 || random() < 0.4
  const { schema, value } = isLeaf ? leaf() : nested(depth)
  const optional = random() < 0.3
  const traits: SchemaTraits = {
    ...(optional && { optional }),
    // Java does not take its own structs for a default.
    ...(isLeaf && random() < 0.2 && { default: value() }),
    ...(random() < 0.1 && { doc: text() }),
  }
  return { schema: schema(traits), value: () => (optional && random() < 0.3 ? null : value()) }
}

test(`any value of any schema goes through Java and back unchanged (seed ${SEED})`, async () => {
  const pairs = Array.from({ length: 600 }, () => some(3)).map(({ schema, value }) => [schema, value()] as const)
  const java = { class: 'org.apache.kafka.connect.json.JsonConverter', config: { 'replace.null.with.default': 'false' } }
  const ours = new JsonConverter()
  const answers = await askJava(pairs.map(([schema, value]) => ({ ...java, do: 'write', envelope: envelopeOf(schema, value) })))
  for (const [i, [schema, value]] of pairs.entries()) {
    const sent = envelopeOf(schema, value)
    assert.equal(typeof answers[i], 'string', `${JSON.stringify(answers[i])}: ${sent}`)
    const written = Buffer.from(String(answers[i]), 'base64')
    assertSameJson(sent, written.toString(), String(sent))
    const read = ours.toConnect('topic', written)
    assertSameJson(envelopeOf(read.schema, read.value), sent, String(sent))
  }
})
