import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ConfigError } from '../../../../framework/api/index.ts'
import { readConnectorFile } from '../../../../framework/herder/connector-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'connector-file-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const refused = (path: string, pattern: RegExp): void =>
  assert.throws(
    () => readConnectorFile(path),
    (error: unknown) => error instanceof ConfigError && pattern.test(error.message),
  )

test('properties, a flat JSON object and one with name and config say the same', () => {
  const config = { name: 'a', 'tasks.max': '2', flag: 'true' }
  const read = [
    file('a.properties', 'name = a\ntasks.max=2\nflag=true\n'),
    file('a.json', '{"name": "a", "tasks.max": 2, "flag": true}'),
    file('b.json', '{"name": "a", "config": {"tasks.max": 2, "flag": true}, "unknown": 1}'),
  ].map(readConnectorFile)
  assert.deepEqual(
    read.map(one => ({ ...one, config: { ...one.config } })),
    read.map(() => ({ config, initialState: 'RUNNING' })),
  )
})

test('initial_state is taken, and one that does not exist refused', () => {
  assert.equal(readConnectorFile(file('p.json', '{"name":"a","config":{},"initial_state":"PAUSED"}')).initialState, 'PAUSED')
  refused(
    file('q.json', '{"name":"a","config":{},"initial_state":"SLEEPING"}'),
    /initial_state = SLEEPING: must be one of RUNNING/,
  )
})

test('a file that is not there, JSON that ends early, values that are lists: each says what is wrong', () => {
  refused(join(folder, 'none.properties'), /none\.properties: there is no such file; give the path/)
  refused(file('c.json', '{"name": '), /begins as JSON does and is none/)
  refused(file('d.json', '{"name": "a", "topics": ["x"]}'), /topics = \["x"\]: must be text, a number, true or false/)
})
