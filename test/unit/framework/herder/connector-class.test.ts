import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { folder, problemsOf, withConnect } from './connect-fixtures.ts'

describe('modules that a configuration names', () => {
  const cases = [
    ['throws when it is imported', 'throw new Error("no licence")', /the module fails when it is loaded: no licence/],
    ['exports nothing of use', 'export const answer = 42', /the module exports no class, but answer/],
    [
      'exports a class of another kind',
      'export class Odd { start() {} taskConfigs() {} createTask() {} }',
      /Odd is neither a source nor a sink: extend SourceConnector or SinkConnector/,
    ],
    ['exports a class without its methods', 'export class Bare {}', /Bare has no method start, taskConfigs, createTask/],
    [
      'cannot be constructed',
      'export class Late { constructor() { throw new Error("not today") } }',
      /an instance of Late cannot be made: not today/,
    ],
  ] as const
  for (const [i, [what, text, pattern]] of cases.entries()) {
    test(`one that ${what} is told so`, async () => {
      writeFileSync(join(folder, `case-${i}.mjs`), text)
      await withConnect({}, async connect => {
        const problems = await problemsOf(() => connect.check({ name: 'a', 'connector.class': `./case-${i}.mjs` }))
        assert.equal(problems.length, 1)
        assert.match(problems[0]!, pattern)
        assert.ok(problems[0]!.startsWith(`connector.class = ./case-${i}.mjs: `))
      })
    })
  }

  test('a misspelt class suggests the right one', async () => {
    await withConnect({}, async connect => {
      const [problem] = await problemsOf(() => connect.check({ name: 'a', 'connector.class': 'FileStreamSorce' }))
      assert.match(problem!, /did you mean FileStreamSource\?/)
    })
  })

  test('Java names and short names are the same connector', async () => {
    await withConnect({}, async connect => {
      for (const name of [
        'org.apache.kafka.connect.file.FileStreamSourceConnector',
        'FileStreamSourceConnector',
        'FileStreamSource',
      ])
        await connect.check({ name: 'a', 'connector.class': name, topic: 't' })
    })
  })
})

test('a connector without the package is what its tasks can do', async () => {
  const shapes = { source: 'batches() {}', sink: 'deliver() {}' }
  for (const [kind, method] of Object.entries(shapes)) {
    const text = `class Task { start() {} ${method} }
export class Plain { definition = {}; async start() {} async taskConfigs() { return [] } createTask() { return new Task() } }`
    writeFileSync(join(folder, `plain-${kind}.mjs`), text)
  }
  await withConnect({}, async connect => {
    await connect.start({ name: 'in', 'connector.class': './plain-source.mjs' })
    await connect.start({ name: 'out', 'connector.class': './plain-sink.mjs', topics: 'a' })
    assert.deepEqual(
      ['in', 'out'].map(name => connect.describe(name).kind),
      ['source', 'sink'],
    )
  })
})
