import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, beforeEach, test } from 'node:test'
import { BoundedCache } from '../../../../framework/converters/registry/bounded-cache.ts'
import { requireOptional } from '../../../../framework/converters/registry/optional-package.ts'
import { AvroConverter, JsonSchemaConverter, ProtobufConverter, schema as s } from '../../../../framework/index.ts'
import { TestSchemaRegistry } from '../../../schema-registry.ts'

const registry = await TestSchemaRegistry.start()
after(() => registry.stop())
beforeEach(() => registry.reset())

const line = s.struct({ article: s.string(), count: s.int32() }, { name: 'org.example.Line' })
const value = { article: 'a', count: 1 }
const SUBJECT = 'io.confluent.kafka.serializers.subject.'

function avro(config: Readonly<Record<string, string>> = {}): AvroConverter {
  const converter = new AvroConverter()
  converter.configure({ 'schema.registry.url': registry.url, 'converter.type': 'value', ...config })
  return converter
}

async function idOf(written: ReturnType<AvroConverter['fromConnect']>): Promise<number> {
  return Buffer.from((await written) ?? []).readInt32BE(1)
}

test('subjects are named by topic, by record or by both, keys and values each their way', async () => {
  const cases: readonly (readonly [role: string, strategy: string, subject: string])[] = [
    ['value', 'TopicNameStrategy', 'orders-value'],
    ['key', 'TopicNameStrategy', 'orders-key'],
    ['value', 'RecordNameStrategy', 'org.example.Line'],
    ['value', 'TopicRecordNameStrategy', 'orders-org.example.Line'],
    ['key', 'TopicRecordNameStrategy', 'orders-org.example.Line'],
  ]
  for (const [role, strategy, subject] of cases) {
    for (const make of [AvroConverter, JsonSchemaConverter, ProtobufConverter]) {
      registry.reset()
      const converter = new make()
      const config = {
        'schema.registry.url': registry.url,
        'converter.type': role,
        [`${role}.subject.name.strategy`]: SUBJECT + strategy,
      }
      converter.configure(config)
      await converter.fromConnect('orders', line, value)
      assert.deepEqual(registry.requests, [`POST /subjects/${subject}/versions`], make.name)
    }
  }
})

test('a value without a record name has no subject named after it', async () => {
  const converter = avro({ 'value.subject.name.strategy': `${SUBJECT}RecordNameStrategy` })
  await assert.rejects(
    async () => converter.fromConnect('orders', s.string(), 'x'),
    /value\.subject\.name\.strategy names subjects after records, and this schema has no record name/,
  )
})

test('with use.latest.version values are written by the latest version, and refused where they do not fit it', async () => {
  const wider = {
    type: 'record',
    name: 'Line',
    namespace: 'org.example',
    fields: [
      { name: 'article', type: 'string' },
      { name: 'count', type: 'int' },
      { name: 'more', type: 'int', default: 7 },
    ],
  }
  registry.register('orders-value', { schema: '"string"' })
  const { id } = registry.register('orders-value', { schema: JSON.stringify(wider) })
  const config = { 'auto.register.schemas': 'false', 'use.latest.version': 'true' }
  const written = Buffer.from((await avro(config).fromConnect('orders', line, value)) ?? [])
  assert.equal(written.toString('hex'), `0000000002${'0261' + '02' + '0e'}`)
  assert.equal(id, 2)
  assert.deepEqual(registry.requests, ['GET /subjects/orders-value/versions/latest'])
  await assert.rejects(
    async () => avro(config).fromConnect('orders', s.struct({ other: s.string() }, { name: 'Other' }), { other: 'x' }),
    /does not fit the Avro schema of the registry/,
  )
  await assert.rejects(async () => avro(config).fromConnect('none', line, value), {
    code: 'REGISTRY_REFUSED',
    message: /nothing is registered under that subject/,
  })
})

test('who is asked is told who asks: user in the URL, user.info, a bearer token', async () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const cases: readonly (readonly [config: Readonly<Record<string, string>>, header: string | undefined])[] = [
    [{}, undefined],
    [{ 'schema.registry.url': registry.url.replace('//', '//me:se%40cret@') }, basic('me:se@cret')],
    [{ 'basic.auth.credentials.source': 'USER_INFO', 'basic.auth.user.info': 'you:secret' }, basic('you:secret')],
    [{ 'bearer.auth.token': 'abc' }, 'Bearer abc'],
  ]
  for (const [config, header] of cases) {
    registry.reset()
    await avro(config).fromConnect('t', line, value)
    assert.deepEqual([...registry.authorizations], [header])
  }
})

test('the next registry is asked when one is down or failing, and a refusal is final', async () => {
  const failing = await TestSchemaRegistry.start()
  failing.failure = [503, { error_code: 50301 }]
  await avro({ 'schema.registry.url': `http://127.0.0.1:1,${failing.url},${registry.url}/` }).fromConnect('t', line, value)
  assert.equal(registry.requests.length, 1)
  failing.failure = [409, { error_code: 409, message: 'incompatible' }]
  await assert.rejects(
    async () => avro({ 'schema.registry.url': `${failing.url},${registry.url}` }).fromConnect('t', line, value),
    { kind: 'fatal' },
  )
  assert.equal(registry.requests.length, 1)
  await failing.stop()
})

test('a registry that does not answer in time is a retriable error', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const converter = avro({ 'schema.registry.url': url, 'http.read.timeout.ms': '50' })
  await assert.rejects(async () => converter.fromConnect('t', line, value), { code: 'REGISTRY_UNAVAILABLE', kind: 'retriable' })
  silent.closeAllConnections()
  await new Promise(resolve => silent.close(resolve))
})

test('a closed converter gives up what it waits for', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const converter = avro({ 'schema.registry.url': `http://127.0.0.1:${(silent.address() as AddressInfo).port}` })
  const asked = Promise.resolve(converter.fromConnect('t', line, value))
  converter.close()
  await assert.rejects(asked, { code: 'REGISTRY_UNAVAILABLE' })
  silent.closeAllConnections()
  await new Promise(resolve => silent.close(resolve))
})

test('what a registry refuses is fatal, and says what to do', async () => {
  const cases: readonly (readonly [status: number, code: number, remedy: RegExp])[] = [
    [401, 401, /set basic\.auth\.credentials\.source = USER_INFO/],
    [403, 40301, /must be allowed to do this/],
    [409, 409, /change the schema compatibly/],
    [422, 42201, /does not take this schema/],
    [404, 40401, /set auto\.register\.schemas = true/],
  ]
  for (const [status, error_code, message] of cases) {
    registry.failure = [status, { error_code, message: 'no' }]
    await assert.rejects(async () => avro().fromConnect('t', line, value), { code: 'REGISTRY_REFUSED', kind: 'fatal', message })
  }
  for (const status of [429, 500, 503]) {
    registry.failure = [status, { error_code: status }]
    await assert.rejects(async () => avro().fromConnect('t', line, value), { code: 'REGISTRY_UNAVAILABLE', kind: 'retriable' })
  }
})

test('after the first record nothing is awaited, also with a schema made anew for each record', async () => {
  const converter = avro()
  const bytes = await converter.fromConnect('t', line, value)
  assert.ok(converter.fromConnect('t', line, value) instanceof Uint8Array)
  const again = s.struct({ article: s.string(), count: s.int32() }, { name: 'org.example.Line' })
  assert.ok(converter.fromConnect('t', again, value) instanceof Uint8Array)
  await converter.toConnect('t', bytes)
  assert.ok(!(converter.toConnect('t', bytes) instanceof Promise))
  assert.equal(registry.requests.length, 2)
})

test('at most so many schemas are remembered', async () => {
  const converter = avro({ 'schemas.cache.config': '1' })
  for (const topic of ['a', 'b', 'b', 'a']) await converter.fromConnect(topic, line, value)
  assert.equal(registry.requests.length, 3)
  const cache = new BoundedCache<number, number>(2)
  for (const key of [1, 2, 1, 3]) cache.get(key, () => key)
  assert.deepEqual([cache.get(2, () => -2), cache.get(3, () => -3), cache.get(1, () => -1)], [2, 3, -1])
})

test('a schema for another converter is refused by name', async () => {
  registry.register('t-value', { schema: '{"type":"string"}', schemaType: 'JSON' })
  await assert.rejects(
    async () => avro().toConnect('t', Buffer.from('0000000001', 'hex')),
    /schema 1 is of the type JSON, not AVRO; read it with the converter of that type/,
  )
})

test('schemas that refer to others are read with them, in each format', async () => {
  const reference = (name: string, subject: string) => [{ name, subject, version: 1 }]
  registry.register('inner', { schema: '{"type":"record","name":"n.Inner","fields":[{"name":"x","type":"int"}]}' })
  registry.register('middle', {
    schema: '{"type":"record","name":"n.Middle","fields":[{"name":"inner","type":"n.Inner"}]}',
    references: reference('n.Inner', 'inner'),
  })
  const outer = '{"type":"record","name":"n.Outer","fields":[{"name":"m","type":"n.Middle"}]}'
  const avroId = registry.register('outer', { schema: outer, references: reference('n.Middle', 'middle') }).id
  registry.register('inner.json', {
    schema: '{"type":"object","properties":{"x":{"type":"integer"}},"required":["x"]}',
    schemaType: 'JSON',
  })
  const jsonId = registry.register('outer.json', {
    schema: '{"type":"object","properties":{"m":{"$ref":"inner.json"}},"required":["m"]}',
    schemaType: 'JSON',
    references: reference('inner.json', 'inner.json'),
  }).id
  registry.register('inner.proto', {
    schema: 'syntax = "proto3"; package n; message Inner { int32 x = 1; }',
    schemaType: 'PROTOBUF',
  })
  const protoId = registry.register('outer.proto', {
    schema: 'syntax = "proto3"; package n; import "inner.proto"; message Outer { Inner m = 1; }',
    schemaType: 'PROTOBUF',
    references: reference('inner.proto', 'inner.proto'),
  }).id
  const cases = [
    [AvroConverter, avroId, '0a', { m: { inner: { x: 5 } } }],
    [JsonSchemaConverter, jsonId, Buffer.from('{"m":{"x":5}}').toString('hex'), { m: { x: 5 } }],
    [ProtobufConverter, protoId, '00' + '0a020805', { m: { x: 5 } }],
  ] as const
  for (const [make, id, payload, expected] of cases) {
    const converter = new make()
    converter.configure({ 'schema.registry.url': registry.url, 'converter.type': 'value' })
    const read = await converter.toConnect('t', Buffer.from(id.toString(16).padStart(10, '0') + payload, 'hex'))
    assert.deepEqual(read.value, expected, make.name)
  }
})

test('every mistake of the configuration is told, with how to mend it', () => {
  const mistakes: readonly (readonly [config: Readonly<Record<string, string>>, problem: RegExp])[] = [
    [{ 'schema.registry.url': 'registry:8081' }, /schema\.registry\.url = .*must be a list of addresses such as http:/],
    [{ 'value.subject.name.strategy': `${SUBJECT}TopicNamStrategy` }, /must be one of .*did you mean TopicNameStrategy/],
    [{ 'basic.auth.credentials.source': 'USER_INFO' }, /basic\.auth\.user\.info: is missing/],
    [{ 'basic.auth.credentials.source': 'SASL_INHERIT' }, /must be one of URL, USER_INFO/],
    [{ 'use.latest.version': 'true' }, /has no effect while auto\.register\.schemas is true/],
    [{ 'schema.registry.ssl.truststore.type': 'JKS' }, /must be one of PEM/],
    [{ 'schema.registry.ssl.truststore.location': '/no/such.pem' }, /cannot be read: ENOENT/],
  ]
  for (const [config, problem] of mistakes) assert.throws(() => avro(config), { code: 'CONFIG_INVALID', message: problem })
})

test('secrets are not told', () => {
  for (const url of ['ftp://me:secret@registry', 'http//me:secret@registry']) {
    assert.throws(
      () => avro({ 'schema.registry.url': url, 'basic.auth.user.info': 'me:secret' }),
      (error: Error) => error.message.includes('must be a list of addresses') && !error.message.includes('secret'),
    )
  }
})

test('a package that is missing is named, with the command that installs it', () => {
  assert.throws(() => requireOptional('no-such-package', 'Avro'), {
    code: 'CONFIG_INVALID',
    message: 'schema.registry.url: Avro needs the package no-such-package; install it: npm install no-such-package',
  })
})

test('one schema of several topics has one id', async () => {
  const converter = avro()
  assert.deepEqual(
    [await idOf(converter.fromConnect('a', line, value)), await idOf(converter.fromConnect('b', line, value))],
    [1, 1],
  )
})
