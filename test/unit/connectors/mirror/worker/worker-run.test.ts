import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MirrorSourceConnector } from '../../../../../connectors/mirror/index.ts'
import { registerBuiltIns } from '../../../../../framework/di/register-built-ins.ts'
import { Standalone } from '../../../../../framework/herder/standalone.ts'
import { createInjector, PluginRegistry, type TaskServices } from '../../../../../framework/index.ts'
import { MemoryLogger } from '../../../../../framework/testing/index.ts'
import { WORKER } from '../../../framework/herder/connect-fixtures.ts'

test('its tasks have the window that its configuration says, and its batches are traced as those of a mirror', async () => {
  const registry = new PluginRegistry()
  registerBuiltIns(registry)
  const worker = { plugins: registry.loader([]), injector: createInjector(), logger: new MemoryLogger() }
  const { 'key.converter': _, 'value.converter': __, ...properties } = WORKER
  const standalone = await Standalone.open({ properties, ...worker })
  const config = {
    name: 'mirror',
    'source.cluster.alias': 'A',
    'source.cluster.bootstrap.servers': 'a:9092',
    'target.cluster.bootstrap.servers': 'b:9092',
    'isthmus.window.bytes': '2097152',
  }
  const prepared = await standalone.prepare(config, { type: MirrorSourceConnector })
  const { settings, trace } = prepared.run.services as TaskServices
  assert.deepEqual([settings.windowBytes, settings.permitBytes], [2_097_152, 2_097_152])
  assert.deepEqual([trace?.verb, trace?.describe?.answersAtOnce], ['mirror', true])
  await prepared.close()
  await standalone.stop()
})
