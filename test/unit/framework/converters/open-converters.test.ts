import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConnectError,
  connectRecord,
  createInjector,
  openConverters,
  PluginRegistry,
  RecordConverters,
  registerConverters,
  SimpleHeaderConverter,
  StringConverter,
  schema as s,
} from '../../../../framework/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

function services() {
  const plugins = new PluginRegistry().loader([import.meta.dirname])
  registerConverters(plugins)
  return { plugins, injector: createInjector(), logger: new MemoryLogger() }
}

const JAVA = 'org.apache.kafka.connect.'

test('converters by Java name and by their own convert a record there and back', async () => {
  const converters = await openConverters(services(), {
    'key.converter': `${JAVA}storage.StringConverter`,
    'value.converter': 'JsonConverter',
    'value.converter.schemas.enable': 'false',
  })
  const record = connectRecord({
    topic: 'orders',
    partition: 3,
    key: 'k',
    value: { id: 5 },
    headers: [{ key: 'n', schema: s.int8(), value: 7 }],
    timestamp: 12,
  })
  const bytes = await converters.fromConnect(record)
  assert.equal(String(bytes.key), 'k')
  assert.equal(String(bytes.value), '{"id":5}')
  assert.equal(String(bytes.headers[0]?.value), '7')
  assert.deepEqual(await converters.toConnect({ ...bytes, offset: 9 }), {
    ...record,
    keySchema: s.string({ optional: true }),
    offset: 9,
  })
})

test('the worker decides where the connector does not, with its own properties', async () => {
  const worker = {
    'key.converter': 'StringConverter',
    'value.converter': 'JsonConverter',
    'value.converter.schemas.enable': 'false',
  }
  const plain = await openConverters(services(), { 'value.converter.schemas.enable': 'true' }, worker)
  assert.equal(String((await plain.fromConnect(connectRecord({ topic: 't', value: 1 }))).value), '1')
  const own = await openConverters(services(), { 'value.converter': 'JsonConverter' }, worker)
  assert.match(String((await own.fromConnect(connectRecord({ topic: 't', value: 1 }))).value), /"payload":1/)
})

test('every problem is told at once, with its full key', async () => {
  await assert.rejects(
    openConverters(services(), {
      'value.converter': 'JsonConverter',
      'value.converter.schemas.enable': 'yes',
      'header.converter': 'SimplHeaderConverter',
    }),
    {
      code: 'CONFIG_INVALID',
      message:
        /^key\.converter: is missing; name a class.*\nvalue\.converter\.schemas\.enable = yes: must be true or false\nheader\.converter = SimplHeaderConverter: .*did you mean SimpleHeaderConverter\?/,
    },
  )
})

test('a property that a converter does not know is warned about', async () => {
  const used = services()
  await openConverters(used, {
    'key.converter': 'JsonConverter',
    'key.converter.schema.enable': 'false',
    'value.converter': 'JsonConverter',
  })
  assert.deepEqual(
    used.logger.lines.map(line => line.message),
    ['key.converter.schema.enable is not known and has no effect; did you mean schemas.enable?'],
  )
})

test('a record that cannot be converted is named, with the stage', async () => {
  const broken = { fromConnect: () => Promise.reject(new Error('boom')), toConnect: () => Promise.reject(new Error('boom')) }
  const converters = new RecordConverters({ key: new StringConverter(), value: broken, header: new SimpleHeaderConverter() })
  const record = { topic: 'orders', partition: 1, offset: 7, key: null, value: Buffer.of(1), headers: [], timestamp: -1 }
  await assert.rejects(Promise.resolve(converters.toConnect(record)), (error: unknown) => {
    assert.ok(error instanceof ConnectError)
    assert.equal(error.code, 'CONVERSION_FAILED')
    assert.equal(error.stage, 'value-converter')
    assert.equal(error.message, 'the value of a record of orders/1/7 cannot be converted: Error: boom')
    return true
  })
})
