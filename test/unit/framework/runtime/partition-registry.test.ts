import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PartitionRegistry } from '../../../../framework/runtime/index.ts'
import { ofPartition, source } from './fixtures.ts'

const a = source('a')

test('counters survive a change of owner, the state begins anew', () => {
  const registry = new PartitionRegistry()
  const entry = registry.claim(a, 't-0')
  entry.acked(10, 100)
  entry.failed(ofPartition('x'))
  registry.release('t-0')
  assert.deepEqual(registry.ownedBy('t-0'), [])
  assert.equal(registry.claim({ name: 'a' }, 't-1'), entry)
  assert.deepEqual([entry.state, entry.records, entry.owner], ['STARTING', 10, 't-1'])
})

test('totals are of every partition that ever was, owned or not', () => {
  const registry = new PartitionRegistry()
  registry.claim(a, 't-0').acked(10, 100)
  registry.claim(source('b'), 't-1').acked(3, 20)
  registry.release('t-0')
  registry.claim(a, 't-1').acked(1, 5)
  registry.release('t-1')
  assert.deepEqual(registry.totals(), { records: 14, bytes: 125, lostRecords: 0 })
})

test('each change of a state is told once', () => {
  const registry = new PartitionRegistry()
  const states: string[] = []
  registry.change$.subscribe(entry => states.push(entry.state))
  const entry = registry.claim(a, 't-0')
  for (let i = 0; i < 3; i++) {
    entry.acked(1, 1)
    entry.copying()
  }
  entry.caughtUp()
  entry.caughtUp()
  assert.deepEqual(states, ['STARTING', 'COPYING', 'CAUGHT_UP'])
})
