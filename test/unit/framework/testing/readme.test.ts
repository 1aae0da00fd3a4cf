import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../../../..')
const readme = readFileSync(join(root, 'framework/testing/README.md'), 'utf8')
const ENTRIES: Readonly<Record<string, string>> = {
  isthmus: 'framework/index.ts',
  'isthmus/testing': 'framework/testing/index.ts',
  'isthmus/policies': 'policies/index.ts',
}
const LIMIT_MS = 60_000

/** The examples, with imports of the sources instead of the package. */
function examples(): ReadonlyMap<string, string> {
  const blocks = readme.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)
  const local = (code: string): string =>
    code.replace(/from '(isthmus[^']*)'/g, (_, name: string) => `from '${join(root, ENTRIES[name]!)}'`)
  return new Map([...blocks].map(([, file, code]) => [file!, local(code!)] as const))
}

describe('the examples of the test kit’s README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-readme-'))
  after(() => rmSync(folder, { recursive: true }))
  const files = examples()
  for (const [file, code] of files) writeFileSync(join(folder, file), code)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const run = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, timeout: LIMIT_MS, env: plainEnv() })
    return stdout
  }

  test('are three', () => assert.deepEqual([...files.keys()], ['ticks.test.ts', 'lines.test.ts', 'suffix-policy.test.ts']))

  test('compile', async () => {
    const compilerOptions = { rootDir: '/', rewriteRelativeImportExtensions: false }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(root, 'test/tsconfig.json'), compilerOptions, include: ['*.ts'] }),
    )
    const compiling = run(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.')
    const said = await compiling.catch(({ stdout = 'nothing' }: { readonly stdout?: string }) => stdout)
    // Mistakes elsewhere are the lint's business.
    assert.doesNotMatch(said, /^(?!\.\.).*error/m)
  })

  for (const file of files.keys()) {
    test(`${file} passes`, async () => {
      const output = await run('--test', '--test-reporter=tap', file).catch((error: { readonly stdout?: string }) =>
        assert.fail(error.stdout),
      )
      assert.match(output, /^# fail 0$/m)
      assert.ok(Number(/^# pass (\d+)$/m.exec(output)?.[1]) >= 8, output)
    })
  }
})

/** Without what tells a test runner that it is run by another one. */
function plainEnv(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return env
}
