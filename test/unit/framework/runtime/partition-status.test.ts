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

test('a gap is shown for a minute, caught up or not, by a new owner too; its count stays', context => {
  context.after(() => mock.timers.reset())
  mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const registry = new PartitionRegistry()
  const entry = registry.claim(a, 't-0')
  entry.gap(300, 'retention removed 300 records')
  entry.copying()
  entry.caughtUp()
  assert.deepEqual([entry.state, entry.status.cause], ['GAP', 'retention removed 300 records'])
  registry.claim(a, 't-1')
  assert.equal(entry.state, 'GAP')
  entry.retrying('no leader')
  assert.equal(entry.state, 'RETRYING')
  entry.flowing()
  entry.caughtUp()
  mock.timers.setTime(1_059_999)
  assert.equal(entry.state, 'GAP')
  mock.timers.setTime(1_060_000)
  assert.equal(entry.state, 'CAUGHT_UP')
  assert.deepEqual([entry.gaps, entry.gapRecords], [1, 300])
})

test('a topic that was made anew is shown as long as the registry says, and anew when it is again', context => {
  context.after(() => mock.timers.reset())
  mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const entry = new PartitionRegistry(5_000).claim(a, 't-0')
  entry.recreated('another topic id')
  mock.timers.setTime(1_004_000)
  entry.recreated('yet another topic id')
  entry.copying()
  mock.timers.setTime(1_008_999)
  assert.deepEqual([entry.state, entry.status.cause], ['RECREATED', 'yet another topic id'])
  mock.timers.setTime(1_009_000)
  assert.equal(entry.state, 'COPYING')
  assert.equal(entry.recreations, 2)
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

test('what lags is what is under way and what the log has beyond it, of which nothing was deleted', () => {
  const entry = new PartitionRegistry().claim(a, 't-0')
  assert.equal(entry.lagRecords, -1)
  entry.logSpans(0, 100)
  assert.equal(entry.lagRecords, -1, 'it is not known where the task is')
  entry.lagsFrom(40)
  assert.equal(entry.lagRecords, 60)
  entry.underwayRecords = 7
  entry.lagsFrom(50)
  assert.equal(entry.lagRecords, 57)
  entry.logSpans(80, 100)
  assert.equal(entry.lagRecords, 27)
  entry.logSpans(-1, -1)
  assert.equal(entry.lagRecords, 27, 'nothing was heard')
  entry.underwayRecords = 0
  entry.lagsFrom(100)
  assert.deepEqual([entry.lagRecords, entry.waitingSinceMs], [0, 0])
})

test('a lag of 0 is known or is not told: not of a new owner, without the source, of a topic that was made anew', () => {
  const registry = new PartitionRegistry()
  const entry = registry.claim(a, 't-0')
  const caughtUp = (): void => {
    entry.lagsFrom(100)
    entry.logSpans(0, 100)
    assert.equal(entry.lagRecords, 0)
  }
  caughtUp()
  registry.release('t-0')
  registry.claim(a, 't-1')
  assert.equal(entry.lagRecords, -1)
  entry.lagsFrom(100)
  assert.equal(entry.lagRecords, -1, 'the end is that which the owner before had heard of')
  caughtUp()
  entry.retrying('no leader', 'source')
  assert.equal(entry.lagRecords, -1)
  entry.flowing('source')
  caughtUp()
  entry.recreated('another topic id')
  entry.lagsFrom(0)
  assert.equal(entry.lagRecords, -1)
  entry.logSpans(0, 3)
  assert.equal(entry.lagRecords, 3)
})

test('a lag that is known goes on to be told without the source, less what the target takes', () => {
  const entry = new PartitionRegistry().claim(a, 't-0')
  entry.lagsFrom(10)
  entry.logSpans(0, 100)
  entry.retrying('no leader', 'source')
  assert.equal(entry.lagRecords, 90)
  entry.lagsFrom(60)
  assert.equal(entry.lagRecords, 40)
  entry.lagsFrom(100)
  assert.equal(entry.lagRecords, -1)
})
