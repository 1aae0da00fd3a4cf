import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ExitCode } from '../../../../framework/api/command.ts'

const ROOT = new URL('../../../../', import.meta.url)
const ISTHMUS = fileURLToPath(new URL('framework/cli/isthmus.ts', ROOT))

function isthmus(args: readonly string[], nodeVersion?: string) {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${nodeVersion}" } })`
  const preload = nodeVersion === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
  return spawnSync(process.execPath, [...preload, ISTHMUS, ...args], { encoding: 'utf8' })
}

test('a Node that is too old is told so before anything else is loaded', () => {
  for (const version of ['18.20.0', '22.14.9']) {
    const { status, stdout, stderr } = isthmus(['--version'], version)
    assert.deepEqual([status, stdout], [ExitCode.CONFIGURATION, ''])
    assert.match(stderr, new RegExp(`^isthmus needs Node 22\\.15 or later; this is Node ${version} \\(.*\\)\\n$`))
  }
  assert.equal(isthmus(['--version'], '22.15.0').status, 0)
  assert.equal(isthmus(['--version'], '23.0.0').status, 0)
})

test('--version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { readonly version: string }
  assert.equal(isthmus(['--version']).stdout, `${version}\n`)
})

test('--help has the exit codes of its command alone; what is missing is told with where to read on', () => {
  const codes = isthmus(['new', '--help'])
    .stdout.match(/^ {2}\d(?= {9})/gm)
    ?.map(Number)
  assert.deepEqual(codes, [ExitCode.STOPPED, ExitCode.CONFIGURATION, ExitCode.UNEXPECTED])
  const { status, stderr } = isthmus(['new'])
  assert.equal(status, ExitCode.CONFIGURATION)
  assert.match(stderr, /missing required argument 'kind'\nisthmus new --help tells more\n/)
})

test('a level of a component that there is not is refused, with what was meant', () => {
  const { status, stderr } = isthmus(['mirror', 'mm2.properties', '--log-level', 'info,isthmus.miror=debug'])
  assert.equal(status, ExitCode.CONFIGURATION)
  assert.match(stderr, /isthmus\.miror is no component that logs; did you mean isthmus\.mirror\?/)
})

test('--help of the mirror has an example file and every exit code, but that of a look at what is degraded', () => {
  const { status, stdout } = isthmus(['mirror', '--help'])
  assert.equal(status, 0)
  assert.match(stdout, /primary->backup\.topics = orders, payments\\\\\.\.\*/)
  for (const [name, code] of Object.entries(ExitCode))
    assert.equal(new RegExp(`^  ${code} {9}\\w`, 'm').test(stdout), name !== 'DEGRADED', name)
})
