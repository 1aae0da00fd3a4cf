import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { PartitionRegistry } from '../../../../framework/runtime/index.ts'
import { ofPartition, source } from './fixtures.ts'

const a = source('a')

test('FAILED hides RETRYING, which hides what the task says', () => {
  const entry = new PartitionRegistry().claim(a, 't-0')
  entry.caughtUp()
  entry.retrying('no leader')
  entry.copying()
  assert.deepEqual([entry.state, entry.status.cause], ['RETRYING', 'no leader'])
  entry.flowing()
  assert.equal(entry.state, 'COPYING')
  entry.failed(ofPartition('too large'))
  entry.failed(ofPartition('later'))
  entry.retrying('no leader')
  assert.deepEqual([entry.state, entry.status.cause], ['FAILED', 'too large'])
})

test('a gap is shown until caught up, or copying has gone on for a minute; its count stays', context => {
  context.after(() => mock.timers.reset())
  mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const entry = new PartitionRegistry().claim(a, 't-0')
  entry.gap(300, 'retention removed 300 records')
  entry.copying()
  assert.equal(entry.state, 'GAP')
  mock.timers.setTime(1_061_000)
  entry.copying()
  assert.equal(entry.state, 'COPYING')
  entry.recreated('another topic id')
  entry.caughtUp()
  assert.equal(entry.state, 'CAUGHT_UP')
  assert.deepEqual([entry.gaps, entry.gapRecords, entry.recreations], [1, 300, 1])
})

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
