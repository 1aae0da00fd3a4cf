import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  ConnectError,
  type ConnectRecord,
  connectRecord,
  createInjector,
  openTransforms,
  PluginRegistry,
  registerTransforms,
  type Transform,
  TransformChain,
  transformBatch,
  transformEach,
} from '../../../../framework/index.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

const JAVA = 'org.apache.kafka.connect.transforms.'

function services(folder = import.meta.dirname, own: Readonly<Record<string, new () => unknown>> = {}) {
  const plugins = new PluginRegistry().loader([folder])
  registerTransforms(plugins)
  for (const [name, type] of Object.entries(own)) plugins.register(name, type)
  return { plugins, injector: createInjector(), logger: new MemoryLogger() }
}

const record = (topic: string, value: ConnectRecord['value']) => connectRecord({ topic, value })

test('transforms run in their order, each on the records that its predicate lets through', async () => {
  const chain = await openTransforms(services(), {
    transforms: 'route, insert,drop',
    'transforms.route.type': `${JAVA}RegexRouter`,
    'transforms.route.regex': 'a-(.*)',
    'transforms.route.replacement': 'b-$1',
    'transforms.insert.type': `${JAVA}InsertField$Value`,
    'transforms.insert.topic.field': 'topic',
    'transforms.insert.predicate': 'tombstone',
    'transforms.insert.negate': 'true',
    'transforms.drop.type': 'Filter',
    'transforms.drop.predicate': 'ofB',
    predicates: 'tombstone,ofB',
    'predicates.tombstone.type': `${JAVA}predicates.RecordIsTombstone`,
    'predicates.ofB.type': 'TopicNameMatches',
    'predicates.ofB.pattern': 'b-2',
  })
  const results = await chain.apply([record('a-1', { id: 1 }), record('a-2', { id: 2 }), record('c', null)])
  assert.deepEqual(results, [record('b-1', { id: 1, topic: 'b-1' }), null, record('c', null)])
  await chain.close()
})

test('no transforms, no chain', async () => {
  assert.ok((await openTransforms(services(), {})).isEmpty)
})

test('every mistake of the configuration is told at once, with its key', async () => {
  const opening = openTransforms(services(), {
    transforms: 'a,b,c,d,a',
    'transforms.a.type': `${JAVA}InsertFeld$Value`,
    'transforms.b.type': 'TimestampConverter$Value',
    'transforms.b.target.type': 'date',
    'transforms.b.unix.precision': 'hours',
    'transforms.b.predicate': 'tombston',
    'transforms.c.type': 'RegexRouter',
    'transforms.c.regex': '(a',
    'transforms.c.replacement': 'x',
    'transforms.c.negate': 'maybe',
    predicates: 'tombstone,topics',
    'predicates.tombstone.type': 'RecordIsTombstone',
    'predicates.topics.type': 'TopicNameMatches',
  })
  await assert.rejects(opening, (error: Error) => {
    const lines = error.message.split('\n').map(line => line.replace(/(.{100}).*/, '$1'))
    assert.deepEqual(
      lines.map(line => line.split(/[:=]/, 1)[0]?.trim()),
      [
        'predicates.topics.pattern',
        'transforms',
        'transforms.a.type',
        'transforms.b.predicate',
        'transforms.b.target.type',
        'transforms.b.unix.precision',
        'transforms.c.negate',
        'transforms.c.regex',
        'transforms.d.type',
      ],
    )
    assert.match(error.message, /InsertFeld\$Value: .*did you mean .*InsertField\$Value\?/)
    assert.match(error.message, /tombston: is not among the predicates; did you mean tombstone\?/)
    return true
  })
})

test('properties that have no effect are warned about', async () => {
  const used = services()
  await openTransforms(used, {
    transforms: 'mask',
    'transforms.mask.type': 'MaskField$Value',
    'transforms.mask.fields': 'a',
    'transforms.mask.replacment': 'x',
    'transforms.maks.type': 'Filter',
  })
  assert.deepEqual(
    used.logger.lines.map(line => line.message),
    [
      'transforms.maks.type has no effect, since transforms does not name maks; did you mean mask?',
      'transforms.mask.replacment is not known and has no effect; did you mean replacement?',
    ],
  )
})

test("a user's own transform is a function in a module beside the configuration", async t => {
  const folder = mkdtempSync(join(tmpdir(), 'transforms-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const framework = new URL('../../../../framework/index.ts', import.meta.url).href
  const source = `import { transformEach } from '${framework}'
export default transformEach((record, { suffix }) => (record.value === null ? null : { ...record, topic: record.topic + suffix }))`
  writeFileSync(join(folder, 'mine.mjs'), source)
  const chain = await openTransforms(services(folder), {
    transforms: 'mine',
    'transforms.mine.type': './mine.mjs',
    'transforms.mine.suffix': '-x',
  })
  assert.deepEqual(await chain.apply([record('t', 1), record('t', null)]), [record('t-x', 1), null])
})

test('a transform that fails for one record of a batch fails for that record alone', async () => {
  const batches: number[] = []
  const picky = transformBatch(records => {
    batches.push(records.length)
    return records.map(one => {
      if (one.value === 2) throw new Error('no twos')
      return one
    })
  })
  const chain = new TransformChain([{ alias: 'picky', type: './picky.js', transform: new picky() }])
  const [first, second, third] = await chain.apply([1, 2, 3].map(value => record('t', value)))
  assert.deepEqual([first, third], [record('t', 1), record('t', 3)])
  assert.ok(second instanceof ConnectError)
  assert.deepEqual([second.code, second.kind, second.stage], ['TRANSFORM_FAILED', 'fatal', 'transform'])
  assert.equal(second.message, 'transforms.picky (./picky.js) failed for a record of t: no twos')
  assert.deepEqual(batches, [3, 1, 1, 1])
})

test('a retriable failure stays retriable', async () => {
  const down = transformEach(() => {
    throw new ConnectError('LOOKUP_DOWN', 'the lookup does not answer', { kind: 'retriable', stage: 'transform' })
  })
  const chain = new TransformChain([{ alias: 'a', type: 'x', transform: new down() }])
  const [result] = await chain.apply([record('t', 1)])
  assert.ok(result instanceof ConnectError && result.retriable)
})

test('a failed or dropped record is not given to the transforms after it', async () => {
  const seen: unknown[] = []
  const drop = transformEach(one => (one.value === 1 ? null : one))
  const watch = transformEach(one => {
    seen.push(one.value)
    return one
  })
  const chain = new TransformChain([
    { alias: 'drop', type: 'x', transform: new drop() },
    {
      alias: 'watch',
      type: 'y',
      transform: new watch(),
      applies: one => {
        if (one.value === 2) throw new Error('what a predicate')
        return true
      },
    },
  ])
  const results = await chain.apply([1, 2, 3].map(value => record('t', value)))
  assert.equal(results[0], null)
  assert.ok(results[1] instanceof ConnectError)
  assert.deepEqual(seen, [3])
})

test('a transform that returns too few results is told what to return', async () => {
  const chain = new TransformChain([{ alias: 'a', type: './a.js', transform: { apply: () => [] } satisfies Transform }])
  await assert.rejects(chain.apply([record('t', 1)]), {
    code: 'TRANSFORM_BROKEN',
    message:
      'transforms.a (./a.js) returned 0 results for 1 records; it must return one result per record, null for those it drops',
  })
})

test('the records that go in are left as they are', async () => {
  const chain = await openTransforms(services(), {
    transforms: 'a,b,c',
    'transforms.a.type': 'ReplaceField$Value',
    'transforms.a.renames': 'x:y',
    'transforms.b.type': 'InsertHeader',
    'transforms.b.header': 'h',
    'transforms.b.value.literal': '1',
    'transforms.c.type': 'HeaderFrom$Value',
    'transforms.c.fields': 'y',
    'transforms.c.headers': 'y',
    'transforms.c.operation': 'move',
  })
  const value = Object.freeze({ x: 1, z: Object.freeze({ a: 1 }) })
  const input = Object.freeze({ ...record('t', value), headers: Object.freeze([]) })
  assert.deepEqual(await chain.apply([input]), [
    {
      ...record('t', { z: { a: 1 } }),
      headers: [
        { key: 'h', schema: { type: 'int8' }, value: 1 },
        { key: 'y', schema: null, value: 1 },
      ],
    },
  ])
})
