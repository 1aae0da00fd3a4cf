import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describedTaskConfigs } from '../../../../framework/runtime/described-configs.ts'
import { ManualConnector, workerOf } from './worker-fixtures.ts'

const variable = (name: string) => `$\{${name}}`
const raw = { user: 'anna', password: variable('file:/secrets:db'), size: variable('env:SIZE'), batch: '5' }
const resolved = { user: 'anna', password: 'correct horse', size: '5', batch: '5' }
const described = (config: Readonly<Record<string, string>>) => describedTaskConfigs([config], raw, resolved)[0]

test('a task shows variables where its connector has them, even if it made something else of the value', () => {
  assert.deepEqual(described({ user: 'anna', password: 'correct horse' }), { user: 'anna', password: raw.password })
  assert.deepEqual(described({ password: 'CORRECT HORSE' }), { password: raw.password })
})

test('nor does a secret show under another name, by itself or within a longer text', () => {
  assert.deepEqual(described({ pass: 'correct horse' }), { pass: raw.password })
  assert.deepEqual(described({ url: 'jdbc:db?password=correct horse&x=1' }), { url: `jdbc:db?password=${raw.password}&x=1` })
})

test('what was written openly stays as it is, and short values are not looked for in longer ones', () => {
  assert.deepEqual(described({ batch: '5', ports: '5432,5433' }), { batch: '5', ports: '5432,5433' })
  assert.deepEqual(described({ other: '5' }), { other: raw.size })
})

test('a worker describes a connector as it was written; its tasks have what it means', async () => {
  const { worker, start } = workerOf()
  const connector = new ManualConnector()
  connector.configs = [{ password: 'correct horse', derived: 'correct horse' }]
  await start(connector, 'c', 1, { config: resolved, rawConfig: raw })
  assert.deepEqual(connector.context.config, resolved)
  assert.deepEqual(worker.describe('c'), {
    name: 'c',
    kind: 'source',
    config: raw,
    tasks: [{ taskId: 'c-0', config: { password: raw.password, derived: raw.password } }],
  })
  assert.ok(!JSON.stringify(worker.describe('c')).includes('horse'))
  await worker.stop()
  assert.equal(connector.tasks[0]?.context?.config.password, 'correct horse')
})
