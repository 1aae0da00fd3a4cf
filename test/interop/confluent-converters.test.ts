import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, beforeEach, describe, test } from 'node:test'
import { AvroConverter, type Converter, JsonConverter, JsonSchemaConverter, ProtobufConverter } from '../../framework/index.ts'
import { TestSchemaRegistry } from '../schema-registry.ts'
import { assertSameJson, envelopeOf } from './java-data.ts'

/** What a converter of Confluent did: `fixtures/README.md`. */
interface Row {
  readonly class: string
  readonly config: Readonly<Record<string, string>>
  readonly what: string
  readonly value: string
  readonly schema: string
  readonly bytes: string
  readonly read: string
}

const rows: readonly Row[] = JSON.parse(readFileSync(new URL('fixtures/confluent-converters.json', import.meta.url), 'utf8'))
const registry = await TestSchemaRegistry.start()
after(() => registry.stop())
beforeEach(() => registry.reset())

const TYPES: Readonly<Record<string, string>> = {
  AvroConverter: 'AVRO',
  JsonSchemaConverter: 'JSON',
  ProtobufConverter: 'PROTOBUF',
}
const simpleName = (row: Row) => row.class.slice(row.class.lastIndexOf('.') + 1)
const json = new JsonConverter()

function converterOf(row: Row): Converter {
  const made = { AvroConverter, JsonSchemaConverter, ProtobufConverter }[simpleName(row)]
  assert.ok(made, row.class)
  const converter = new made()
  converter.configure({ 'schema.registry.url': registry.url, 'converter.type': 'value', ...row.config })
  return converter
}

/** A schema as what it says: the members of an object in any order, white space does not count. */
function meaningOf(row: Row, text: string): unknown {
  if (simpleName(row) !== 'ProtobufConverter') return JSON.parse(text)
  return text.replaceAll(/\{\s*value: ("\w+"),\s*key: ("\w+")\s*\}/g, '{key:$2,value:$1}').replaceAll(/\s/g, '')
}

/** Java gives a schema without a version that of its subject, and marks fields of unions that have a default. */
function withoutMarks(row: Row): string {
  const read = row.read.replaceAll(',"parameters":{"io.confluent.connect.avro.field.default":"true"}', '')
  const hasVersion = 'version' in JSON.parse(row.value).schema
  return hasVersion ? read : read.replace(/,"version":\d+(,[^{}]*)?\},"payload"/, '$1},"payload"')
}

for (const name of Object.keys(TYPES)) {
  describe(`${name} and Confluent's`, () => {
    for (const row of rows.filter(each => simpleName(each) === name)) {
      const settings = Object.entries(row.config).filter(([key]) => key !== 'ignore.default.for.nullables')
      const title = [row.what, ...settings.map(([key, value]) => `${key}=${value}`)].join(', ')

      test(`write the same schema and bytes: ${title}`, async () => {
        const { schema, value } = json.toConnect('orders', Buffer.from(row.value))
        const written = Buffer.from((await converterOf(row).fromConnect('orders', schema, value)) ?? [])
        assert.equal(written.subarray(0, 5).toString('hex'), '0000000001')
        assert.deepEqual(meaningOf(row, registry.schemas[0]?.schema ?? ''), meaningOf(row, row.schema))
        if (name !== 'JsonSchemaConverter') assert.equal(written.subarray(5).toString('hex'), row.bytes)
        else assertSameJson(written.subarray(5).toString(), Buffer.from(row.bytes, 'hex').toString(), row.what)
      })

      test(`read the same value of Java's bytes: ${title}`, async () => {
        const schemaType = TYPES[name] as string
        registry.register('orders-value', { schema: row.schema, ...(schemaType !== 'AVRO' && { schemaType }) })
        const read = await converterOf(row).toConnect('orders', Buffer.from(`0000000001${row.bytes}`, 'hex'))
        assertSameJson(envelopeOf(read.schema, read.value), withoutMarks(row), row.what)
      })
    }
  })
}
