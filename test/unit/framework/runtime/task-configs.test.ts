import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkedTaskConfigs, isSameConfig } from '../../../../framework/runtime/task-configs.ts'
import { MemoryLogger } from '../../../../framework/testing/index.ts'

const rules = (config: Readonly<Record<string, string>>, commonKeys: readonly string[] = []) => {
  const logger = new MemoryLogger()
  return { name: 'c', config, commonKeys, maxTasks: 1, logger }
}

test('more tasks than tasks.max are refused, or run with a warning where tasks.max.enforce is false', () => {
  const two = [{ of: 'a' }, { of: 'b' }]
  assert.throws(() => checkedTaskConfigs(two, rules({})), { code: 'TOO_MANY_TASKS' })
  assert.throws(() => checkedTaskConfigs(two, rules({ 'tasks.max.enforce': 'true' })), { code: 'TOO_MANY_TASKS' })
  const lenient = rules({ 'tasks.max.enforce': 'False' })
  assert.deepEqual(checkedTaskConfigs(two, lenient), two)
  assert.match(lenient.logger.lines[0]?.message ?? '', /2 task configurations although tasks.max is 1; all of them run/)
  assert.equal(lenient.logger.lines[0]?.level, 'warn')
})

test("a sink's topics are in each of its tasks' configurations, unless the connector says otherwise", () => {
  const keys = ['topics', 'topics.regex']
  assert.deepEqual(checkedTaskConfigs([{ of: 'a' }], rules({ topics: 'x', other: 'y' }, keys)), [{ topics: 'x', of: 'a' }])
  assert.deepEqual(checkedTaskConfigs([{ topics: 'z' }], rules({ topics: 'x' }, keys)), [{ topics: 'z' }])
  assert.deepEqual(checkedTaskConfigs([{}], rules({ 'topics.regex': 'x.*' }, keys)), [{ 'topics.regex': 'x.*' }])
  assert.deepEqual(checkedTaskConfigs([{}], rules({ topics: 'x' })), [{}])
})

test('configurations are the same whatever the order of their keys', () => {
  assert.ok(isSameConfig({ a: '1', b: '2' }, { b: '2', a: '1' }))
  assert.ok(!isSameConfig({ a: '1', b: '2' }, { a: '1' }))
  assert.ok(!isSameConfig({ a: '1' }, { b: '1' }))
  assert.ok(!isSameConfig(undefined, {}))
})
