import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { runProgram } from './running-program.ts'

const examples = join(import.meta.dirname, '../../examples')
const names = globSync('*/main.ts', { cwd: examples }).map(dirname)

test('npm run example lists every example that can be run', async () => {
  const list = runProgram('examples/main.ts')
  assert.equal((await list.ended)[0], 0)
  assert.ok(names.length >= 4)
  for (const name of names) assert.ok(list.output().includes(`npm run example -- ${name}`), list.output())
  assert.match(list.output(), /-- disaster-recovery {2}Failover to a standby cluster/)
})

test('a name that is none is told so, with those there are', async () => {
  const misspelt = runProgram('examples/main.ts', 'migrations')
  assert.equal((await misspelt.ended)[0], 1)
  assert.match(misspelt.output(), /There is no example migrations\.[\s\S]* migration /)
})

for (const name of [
  'active-active',
  'custom-policy',
  'disaster-recovery',
  'embedding',
  'http-feed',
  'migration',
  'sqlite-sink',
]) {
  test(`${name} --help says what it shows and needs; an option that it does not know ends it`, async () => {
    const help = runProgram('examples/main.ts', name, '--help')
    assert.equal((await help.ended)[0], 0)
    assert.match(help.output(), new RegExp(`^npm run example -- ${name}: [\\s\\S]*JDK 17[\\s\\S]*Exit codes: 0 `))
    const wrong = runProgram('examples/main.ts', name, '--keep')
    assert.equal((await wrong.ended)[0], 1)
    assert.match(wrong.output(), /Unknown option '--keep'/)
  })
}
