import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitedPlugins } from '../../../../framework/herder/limited-plugins.ts'
import { ConfigError, type PluginLoader } from '../../../../framework/index.ts'

test('a module that does not finish loading is given up, named, and told apart from a mistake in the file', async () => {
  const never: PluginLoader = { register: () => undefined, load: () => new Promise(() => undefined) }
  const loading = limitedPlugins(never, 20).load(
    { key: 'connector.class', value: './slow.js' },
    { what: 'a connector', methods: [] },
  )
  await assert.rejects(loading, (error: unknown) => {
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(error.problems, [
      {
        key: 'connector.class',
        value: './slow.js',
        message: 'the module has not finished loading within 0.02 s: something at its top level waits',
        fault: 'plugin',
      },
    ])
    return true
  })
})
