import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { packPackage, root, run, succeed } from './npm.ts'

const INSTALL_TIMEOUT_MS = 120_000

interface Manifest {
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

describe('the packed package, installed into an empty project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-package-'))
  const project = join(folder, 'project')
  let files: readonly string[]

  before(async () => {
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
    const packed = await packPackage(folder)
    files = packed.files
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--omit=dev', packed.path]
    await succeed('npm', install, project, INSTALL_TIMEOUT_MS)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('holds what is built and nothing of the tests', () => {
    const top = [...new Set(files.map(file => file.split('/')[0]))].sort()
    assert.deepEqual(
      top.filter(name => !/^(README|CHANGELOG)\.md$/.test(name!)),
      ['LICENSE', 'dist', 'framework', 'package.json'],
    )
    assert.deepEqual(
      files.filter(file => file.startsWith('framework/') && !/^framework\/rest\/page\/[a-z-]+\.(css|html|js|svg)$/.test(file)),
      [],
      'of the sources only the status page, which is served as it is',
    )
    assert.deepEqual([...new Set(files.filter(file => file.startsWith('dist/')).map(file => file.split('/')[1]))].sort(), [
      'connectors',
      'framework',
      'policies',
    ])
    assert.deepEqual(
      files.filter(file => /\.test\.|(^|\/)test\//.test(file)),
      [],
    )
  })

  test('has the status page', async () => {
    const pageRoutes = './node_modules/isthmus/dist/framework/rest/page-routes.js'
    const script = `const { pageAnswer } = await import('${pageRoutes}'); console.log(pageAnswer('/').body.length, pageAnswer('/assets/main.js').body.length)`
    assert.match(await succeed('node', ['--input-type=module', '--eval', script], project), /^\d{4,} \d{4,}$/m)
  })

  test('says its version, and helps', async () => {
    assert.equal((await succeed('npx', ['--no-install', 'isthmus', '--version'], project)).trim(), manifest.version)
    const help = await succeed('npx', ['--no-install', 'isthmus', 'mirror', '--help'], project)
    assert.match(help, /primary->backup\.enabled = true/)
    assert.match(help, /Exit codes:/)
  })

  test('checks a file', async () => {
    writeFileSync(join(project, 'mm2.properties'), 'clusters = a, b\na.bootstrap.servers = a:1\na->b.enabled = true\n')
    const { code, stderr } = await run('npx', ['--no-install', 'isthmus', 'mirror', 'mm2.properties', '--check'], project)
    assert.equal(code, 1)
    assert.equal(
      stderr.replace(/^npm .*\n/gm, ''),
      'mm2.properties: b.bootstrap.servers: is missing; name at least one broker as host:port\n',
    )
  })

  test('every entry point can be imported, and nothing happens on import', async () => {
    const names = Object.keys(manifest.exports)
      .filter(path => !path.endsWith('.json'))
      .map(path => path.replace(/^\./, 'isthmus'))
    assert.deepEqual(names, [
      'isthmus',
      'isthmus/testing',
      'isthmus/connectors/file',
      'isthmus/connectors/mirror',
      'isthmus/policies',
    ])
    const program = `
      const exports = {}
      for (const name of ${JSON.stringify(names)}) exports[name] = Object.keys(await import(name))
      console.log(JSON.stringify(exports))`
    writeFileSync(join(project, 'import-all.js'), program)
    const exported = JSON.parse(await succeed(process.execPath, ['import-all.js'], project)) as Record<string, string[]>
    const expected: Readonly<Record<string, readonly string[]>> = {
      isthmus: ['SourceTask', 'SourceConnector', 'ConnectError', 'pollWith', 'Worker', 'openKafkaServices', 'createLogger'],
      'isthmus/testing': [
        ...['TaskHarness', 'SinkHarness', 'recordsOf', 'TestOffsetStore', 'FakeClock', 'testInjector', 'marbles'],
        ...['sourceConformance', 'sinkConformance', 'policyConformance', 'ConformanceError'],
        ...['MemoryPartWriter', 'MemoryOffsetStore', 'MemoryLogger'],
      ],
      'isthmus/connectors/file': [
        'FileStreamSourceConnector',
        'FileStreamSourceTask',
        'FileStreamSinkConnector',
        'FileStreamSinkTask',
      ],
      'isthmus/connectors/mirror': ['MirrorSourceConnector', 'MirrorSourceTask', 'MirrorMaker', 'openMirror', 'checkMirrorFile'],
      'isthmus/policies': ['DefaultReplicationPolicy', 'IdentityReplicationPolicy', 'BaseReplicationPolicy', 'isCycle'],
    }
    for (const [name, wanted] of Object.entries(expected)) {
      assert.deepEqual(
        wanted.filter(each => !exported[name]?.includes(each)),
        [],
        name,
      )
    }
  })

  test('a policy of the project is found, and may be written in TypeScript', async () => {
    const policy = `
      import { DefaultReplicationPolicy } from 'isthmus/policies'
      export class Shouting extends DefaultReplicationPolicy {
        override formatRemoteTopic(alias: string, topic: string): string { return super.formatRemoteTopic(alias, topic.toUpperCase()) }
      }`
    writeFileSync(join(project, 'policy.ts'), policy)
    const file =
      'clusters = a, b\na.bootstrap.servers = a:1\nb.bootstrap.servers = b:1\na->b.enabled = true\nreplication.policy.class = ./policy.ts\n'
    writeFileSync(join(project, 'shouting.properties'), file)
    assert.match(
      await succeed('npx', ['--no-install', 'isthmus', 'mirror', 'shouting.properties', '--check'], project),
      /No problems\./,
    )
  })

  test('its types suit a strict consumer', async () => {
    writeFileSync(join(project, 'consumer.ts'), readFileSync(new URL('consumer.ts', import.meta.url)))
    const compilerOptions = {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types: ['node'],
    }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
    // A consumer has Node's types; those of this repository spare a download.
    mkdirSync(join(project, 'node_modules/@types'), { recursive: true })
    for (const name of ['@types/node', 'undici-types']) {
      const link = join(project, 'node_modules', name)
      if (!existsSync(link)) symlinkSync(join(root, 'node_modules', name), link)
    }
    await succeed(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], project)
  })

  test('an older Node is told so in one line', async t => {
    const older = await olderNode()
    if (older === undefined) return t.skip('this machine has no Node before 22.15')
    const { code, stderr } = await run(older, ['node_modules/isthmus/dist/framework/cli/isthmus.js', '--version'], project)
    assert.equal(code, 1)
    assert.match(stderr, /^isthmus needs Node 22\.15 or later; this is Node \d+\.\d+\.\d+ \(.+\)\n$/)
  })

  test('rxjs comes along as a peer; the OpenTelemetry API and the codecs of a schema registry only where somebody wants them', () => {
    assert.deepEqual(Object.keys(manifest.peerDependencies), ['@opentelemetry/api', 'ajv', 'avsc', 'protobufjs', 'rxjs'])
    assert.ok(existsSync(join(project, 'node_modules/rxjs')))
    for (const optional of ['ajv', 'avsc', 'protobufjs'])
      assert.ok(!existsSync(join(project, 'node_modules', optional)), optional)
  })
})

/** A Node on the path that Isthmus does not run on. */
async function olderNode(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const node = join(folder, 'node')
    if (!existsSync(node)) continue
    const [major = 0, minor = 0] = (await run(node, ['--version'], root)).stdout.slice(1).split('.').map(Number)
    if (major > 12 && (major < 22 || (major === 22 && minor < 15))) return node
  }
  return undefined
}
