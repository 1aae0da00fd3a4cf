import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { builtInPlugins, pluginsAmong } from '../../../../framework/di/plugin-list.ts'
import { PluginRegistry } from '../../../../framework/di/plugins.ts'
import { ConfigError, SinkConnector, SourceConnector } from '../../../../framework/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'plugin-list-'))
after(() => rmSync(folder, { recursive: true }))

test('everything that comes with the package has a kind, a Java name and a line about it', async () => {
  const plugins = await builtInPlugins()
  assert.ok(plugins.length > 40, `${plugins.length} plugins`)
  for (const { name, kinds, aliases, doc } of plugins) {
    assert.ok(kinds.length > 0, `${name} has no kind`)
    assert.ok(
      aliases.some(alias => /^(org\.apache\.kafka|io\.confluent)\./.test(alias)),
      `${name} has no Java name`,
    )
    assert.notEqual(doc, undefined, `${name} has no line about it`)
  }
})

test('of a module those exports are listed that a configuration can name, as it names them', () => {
  class Source extends SourceConnector {
    readonly definition = {}
    async start(): Promise<void> {
      await Promise.resolve()
    }
    async taskConfigs(): Promise<readonly Record<string, string>[]> {
      return []
    }
    createTask(): never {
      throw new Error('none')
    }
  }
  const exports = { Source, Base: SinkConnector, Other: class Other {}, helper: () => 1, answer: 42 }
  assert.deepEqual(pluginsAmong('./m.js', exports), [
    { name: './m.js#Source', aliases: [], kinds: ['source connector'] },
    { name: './m.js#Base', aliases: [], kinds: ['sink connector'] },
  ])
  assert.deepEqual(pluginsAmong('./m.js', { Source }), [
    { name: './m.js#Source', aliases: ['./m.js'], kinds: ['source connector'] },
  ])
})

test('a misspelt module suggests the file that is there', async () => {
  writeFileSync(join(folder, 'orders-connector.js'), 'export class Orders {}')
  writeFileSync(join(folder, 'orders.txt'), '')
  const loading = new PluginRegistry()
    .loader([folder])
    .load({ key: 'connector.class', value: './orders-conector.js' }, { what: 'a connector', methods: [] })
  await assert.rejects(loading, (error: unknown) => {
    assert.ok(error instanceof ConfigError)
    assert.match(error.problems[0]?.message ?? '', /did you mean \.\/orders-connector\.js\?$/)
    assert.equal(error.problems[0]?.fault, undefined)
    return true
  })
})
