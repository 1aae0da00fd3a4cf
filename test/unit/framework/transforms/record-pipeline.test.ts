import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type BytesRecord,
  ConnectError,
  type Converter,
  connectRecord,
  createInjector,
  openPipeline,
  PluginRegistry,
  registerConverters,
  registerTransforms,
} from '../../../../framework/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

class SlowConverter implements Converter {
  async fromConnect(): Promise<Uint8Array> {
    return Buffer.of(1)
  }

  async toConnect(): Promise<never> {
    throw new ConnectError('REGISTRY_DOWN', 'the registry does not answer', { kind: 'retriable', stage: 'decode' })
  }
}

function services() {
  const plugins = new PluginRegistry().loader([import.meta.dirname])
  registerConverters(plugins)
  registerTransforms(plugins)
  plugins.register('SlowConverter', SlowConverter)
  return { plugins, injector: createInjector(), logger: new MemoryLogger() }
}

const worker = {
  'key.converter': 'StringConverter',
  'value.converter': 'JsonConverter',
  'value.converter.schemas.enable': 'false',
}
const drop = {
  transforms: 'drop,mask',
  'transforms.drop.type': 'Filter',
  'transforms.drop.predicate': 'old',
  'transforms.mask.type': 'MaskField$Value',
  'transforms.mask.fields': 'secret',
  predicates: 'old',
  'predicates.old.type': 'TopicNameMatches',
  'predicates.old.pattern': 'old',
}

const bytes = (topic: string, value: string, offset: number): BytesRecord => ({
  topic,
  partition: 0,
  offset,
  key: null,
  value: Buffer.from(value),
  headers: [],
  timestamp: -1,
})

test('for a sink: converted, transformed, and each record has its own outcome', async () => {
  const pipeline = await openPipeline(services(), drop, worker)
  const outcomes = await pipeline.toValues([
    bytes('new', '{"secret":"x"}', 1),
    bytes('new', 'no JSON', 2),
    bytes('old', '{"secret":"x"}', 3),
    bytes('new', '5', 4),
  ])
  const summary = outcomes.map(outcome =>
    outcome instanceof ConnectError ? `${outcome.code} ${outcome.stage}` : (outcome?.value ?? null),
  )
  assert.deepEqual(summary, [{ secret: '' }, 'CONVERSION_FAILED value-converter', null, 'TRANSFORM_FAILED transform'])
  await pipeline.close()
})

test('for a source: transformed, converted, and each record has its own outcome', async () => {
  const pipeline = await openPipeline(services(), { ...drop, 'key.converter': 'IntegerConverter' }, worker)
  const outcomes = await pipeline.toBytes([
    connectRecord({ topic: 'new', key: 1, value: { secret: 'x' } }),
    connectRecord({ topic: 'old', key: 2, value: { secret: 'x' } }),
    connectRecord({ topic: 'new', key: 'three', value: { secret: 'x' } }),
  ])
  const summary = outcomes.map(outcome => (outcome instanceof ConnectError ? outcome.stage : outcome && String(outcome.value)))
  assert.deepEqual(summary, ['{"secret":""}', null, 'key-converter'])
})

test('a converter may wait, and its retriable failure stays retriable', async () => {
  const pipeline = await openPipeline(services(), { 'value.converter': 'SlowConverter' }, worker)
  const [written] = await pipeline.toBytes([connectRecord({ topic: 't', value: 1 })])
  assert.deepEqual(written, { topic: 't', key: null, value: Buffer.of(1), headers: [], timestamp: -1 })
  const [read] = await pipeline.toValues([bytes('t', '', 1)])
  assert.ok(read instanceof ConnectError && read.retriable && read.stage === 'value-converter')
})

test('the problems of converters and transforms are told together', async () => {
  await assert.rejects(openPipeline(services(), { ...drop, 'transforms.mask.fields': '', 'key.converter': 'Strng' }, worker), {
    message: /^key\.converter = Strng: .*\ntransforms\.mask\.fields = ?: must name at least one field$/,
  })
})
