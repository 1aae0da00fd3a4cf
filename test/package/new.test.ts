import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { packPackage, run, succeed } from './npm.ts'

const INSTALL_TIMEOUT_MS = 120_000
const CLI = join(import.meta.dirname, '../../dist/framework/cli/isthmus.js')

describe('isthmus new, with the packed package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-new-'))
  let tarball = ''

  before(async () => {
    tarball = (await packPackage(folder)).path
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const isthmusNew = (...args: string[]) => run(process.execPath, [CLI, 'new', ...args], folder)

  for (const kind of ['source', 'sink', 'policy']) {
    test(`a ${kind} builds and passes its test as it is`, async () => {
      const { code, stdout, stderr } = await isthmusNew(kind, `@acme/my-${kind}`, '--isthmus', `file:${tarball}`)
      assert.equal(code, 0, stderr)
      assert.match(stdout, new RegExp(`cd my-${kind}\n  npm install\n  npm test .*\n  npm start .*\n`))
      const project = join(folder, `my-${kind}`)
      await succeed('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], project, INSTALL_TIMEOUT_MS)
      const tested = await succeed('npm', ['test'], project)
      assert.match(tested, /^ℹ pass [1-9]/m)
      assert.match(tested, /^ℹ fail 0$/m)
      const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { exports: { default: string } }
      assert.ok(existsSync(join(project, manifest.exports.default)))
    })

    test(`a mistake in a ${kind} is found by its types`, async () => {
      const file = join(folder, `my-${kind}/src/index.ts`)
      const whole = readFileSync(file, 'utf8')
      const broken = whole.replace(/: (Promise<void>|string \| null) \{/, ': symbol {')
      assert.notEqual(broken, whole)
      writeFileSync(file, broken)
      const { code, stdout } = await run('npm', ['run', 'build'], join(folder, `my-${kind}`))
      writeFileSync(file, whole)
      assert.notEqual(code, 0)
      assert.match(stdout, /src\/index\.ts.*error TS/)
    })
  }

  test('a name that is none, a kind that is none and a folder with something in it are told, and nothing is written', async () => {
    const before = readdirSync(folder, { recursive: true }).length
    const both = await isthmusNew('sorce', 'My Feed')
    assert.equal(both.code, 1)
    assert.match(
      both.stderr,
      /^kind = sorce: must be one of source, sink, policy; did you mean source\?\nname = My Feed: .*for example my-feed\n$/,
    )
    const taken = await isthmusNew('source', 'other', 'my-source')
    assert.equal(taken.code, 1)
    assert.match(taken.stderr, /^folder = .*my-source: is there already and not empty/)
    assert.equal(readdirSync(folder, { recursive: true }).length, before)
  })
})
