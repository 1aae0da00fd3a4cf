import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partOf, source } from './fixtures.ts'
import { started } from './source-runner-fixtures.ts'

const a = source('a')
const b = source('b')

test('a target that retries shows in the status and pauses its source partition', async () => {
  const { task, writer, registry } = await started()
  task.emit(partOf(a, 0), partOf(b, 0))
  writer.hold('a', 0)
  writer.hold('a', 0)
  const [entry] = registry.ownedBy('clock-0')
  assert.equal(entry?.state, 'RETRYING')
  assert.match(entry?.status.cause ?? '', /no leader/)
  writer.letGo('a', 0)
  assert.equal(entry?.state, 'STARTING')
  writer.ackAll()
  assert.equal(entry?.state, 'COPYING')
  assert.equal(entry?.retries, 1)
  assert.deepEqual(task.throttles, ['a paused', 'a resumed'])
})

test('a source partition that is first written to a retrying target is paused, too', async () => {
  const { task, writer } = await started()
  task.emit(partOf(a, 0, 10, 'shared'))
  writer.hold('shared', 0)
  task.emit(partOf(b, 0, 10, 'shared'))
  writer.letGo('shared', 0)
  assert.deepEqual(task.throttles, ['a paused', 'b paused', 'a resumed', 'b resumed'])
})

test('a source partition whose target is only slow is not paused', async () => {
  const { task, writer } = await started()
  task.emit(partOf(a, 0), partOf(a, 1), partOf(a, 2))
  writer.ackAll()
  assert.deepEqual(task.throttles, [])
})
