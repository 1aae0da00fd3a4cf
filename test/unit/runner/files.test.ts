import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Run, run } from '../../package/npm.ts'
import { whenGone } from './processes.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))

function runFiles(limitSeconds: number, ...names: string[]): Promise<Run> {
  const program = fileURLToPath(new URL('../../runner/files.ts', import.meta.url))
  const files = names.map(name => `fixtures/${name}.ts`)
  return run(process.execPath, [program, '--concurrency=1', `--limit=${limitSeconds}`, ...files], folder)
}

test('files run in the order given; the slowest are told', { timeout: 30_000 }, async () => {
  const { code, stdout } = await runFiles(60, 'passes', 'also-passes')
  assert.equal(code, 0, stdout)
  assert.match(stdout, /✔ passes.*\n✔ also passes/)
  assert.match(stdout, /Slowest files:\n +\d+\.\d s {2}fixtures\/\S+\n +\d+\.\d s {2}fixtures\/\S+\n$/)
})

test('a file whose process stays alive is ended, has failed, and tells what kept it; its children end too', {
  timeout: 30_000,
}, async () => {
  const { code, stdout } = await runFiles(1, 'stays-alive', 'passes')
  assert.equal(code, 1, stdout)
  assert.match(stdout, /fixtures\/stays-alive\.ts has not ended within 1 s\. What keeps it alive:\n(.*\n)* {2}1 Timeout\n/)
  const child = /child (\d+)\n/.exec(stdout)?.[1]
  assert.match(stdout, new RegExp(`^  child process ${child}$`, 'm'))
  assert.match(stdout, /✔ passes/)
  await whenGone(Number(child))
})

test('a test that waits for nothing is ended before its file, and named', { timeout: 30_000 }, async () => {
  const { code, stdout } = await runFiles(2, 'never-ends')
  assert.equal(code, 1, stdout)
  assert.match(stdout, /✖ that waits for nothing/)
  assert.match(stdout, /What keeps it alive:\n(.*\n)* {2}tcp 127\.0\.0\.1:\d+\n/)
})

test('a file that ends in the middle of a test fails, and the test is named', { timeout: 30_000 }, async () => {
  const { code, stdout } = await runFiles(2, 'ends-at-once')
  assert.equal(code, 1, stdout)
  assert.match(stdout, /Under way when fixtures\/ends-at-once\.ts ended: a suite > that is cut off/)
})
