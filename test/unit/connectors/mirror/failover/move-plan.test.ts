import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type MovePlan, planFailback, planFailover } from '../../../../../connectors/mirror/failover/move-plan.ts'
import type { SharedPartition } from '../../../../../connectors/mirror/failover/start-plan.ts'
import { PartitionRuns } from '../../../../../connectors/mirror/offset-map/partition-runs.ts'
import { failback, group, position, situation } from './situations.ts'

const refusals = ({ checks }: MovePlan): string[] => checks.filter(({ outcome }) => outcome === 'refused').map(({ name }) => name)

const troubled = [
  ['groups-stopped', situation([group('g', [position()], { state: 'Stable' })])],
  ['target-offsets', situation([group('g', [position({ committed: 60 })])])],
  ['translated', situation([group('g', [position({ translation: null })])])],
  ['within-log', situation([group('g', [position({ targetEnd: 40 })])])],
  [
    'flow-caught-up',
    situation([group('g', [position()])], {
      progress: [{ topic: 'orders', partition: 0, logStart: 0, logEnd: 101, copiedEnd: 100 }],
    }),
  ],
] as const

test('a failover against which nothing speaks is planned', () => {
  const plan = planFailover(situation([group('g', [position()])]), false)
  assert.deepEqual([plan.isRefused, plan.positionsFrom], [false, 'groups'])
  assert.ok(plan.checks.every(({ outcome }) => outcome === 'ok'))
})

test('each thing that speaks against it refuses it, unless forced', () => {
  for (const [name, found] of troubled) {
    assert.deepEqual(refusals(planFailover(found, false)), [name])
    const forced = planFailover(found, true)
    assert.equal(forced.isRefused, false, name)
    assert.equal(forced.checks.find(check => check.name === name)?.outcome, 'forced')
  }
})

test('a group in use on the target is refused, forced or not', () => {
  const inUse = situation([group('g', [position()], { targetState: 'PreparingRebalance' })])
  for (const force of [false, true]) assert.deepEqual(refusals(planFailover(inUse, force)), ['target-groups-empty'])
})

test('without the source, what cannot be seen is noted and refuses nothing; but that nothing is known does', () => {
  const dead = { sourceError: 'no broker answers' }
  const plan = planFailover(
    situation([group('g', [position({ sourceEnd: null, copiedEnd: null })], { state: null })], dead),
    false,
  )
  assert.deepEqual([plan.isRefused, plan.positionsFrom], [false, 'checkpoints'])
  assert.deepEqual(refusals(planFailover(situation([], dead), false)), ['groups'])
})

test('records that were removed before they were copied are not waited for', () => {
  const progress = [{ topic: 'orders', partition: 0, logStart: 90, logEnd: 90, copiedEnd: 50 }]
  assert.equal(planFailover(situation([group('g', [position()])], { progress }), false).isRefused, false)
})

test('low offsets are noted with what they make a group read again', () => {
  const low = position({ translation: { offset: 40, exactness: 'low' }, readAgainAtMost: 10 })
  const { checks, isRefused } = planFailover(situation([group('g', [low])]), false)
  assert.equal(isRefused, false)
  assert.match(
    checks.find(({ name }) => name === 'exactness')?.message ?? '',
    /up to 10 records are read again on B: g in A\.orders-0 \(10\)/,
  )
})

const map = new PartitionRuns()
map.begin(0)
map.append(0, 100, 0)

const shared: SharedPartition = {
  topic: 'orders',
  partition: 0,
  home: { logStart: 0, logEnd: 100, stored: 99, map },
  away: { logStart: 0, logEnd: 150, stored: -1, map: null, topicId: null },
  repeats: [],
}

test('at the first failback what came from home counts as copied, and groups that have read more wait', () => {
  const first = position({ offset: 100, copiedEnd: 0, targetTopic: 'orders', translation: { offset: 100, exactness: 'exact' } })
  const more = position({ offset: 120, copiedEnd: 0, targetTopic: 'orders', translation: { offset: 100, exactness: 'low' } })
  const found = failback([group('ready', [first]), group('ahead', [more])], { keepsNames: true, shared: [shared] })
  const plan = planFailback(found, false)
  assert.deepEqual([plan.isRefused, plan.waiting], [false, ['ahead']])
  assert.deepEqual(
    plan.groups.map(({ positions }) => positions[0]?.action),
    ['set', 'wait'],
  )
  assert.deepEqual(
    plan.starts.map(({ start, action }) => [start, action]),
    [[99, 'set']],
  )
})

test('no start is set while either flow copies, forced or not; heartbeats alone do not matter', () => {
  const base = failback([], { keepsNames: true, shared: [shared] })
  const copying = { ...base, there: { ...base.there, activity: 'copying' as const } }
  for (const force of [false, true]) assert.deepEqual(refusals(planFailback(copying, force)), ['stopped A->B'])
  const unexplained = { ...base, back: { ...base.back, activity: 'unknown' as const } }
  assert.deepEqual(refusals(planFailback(unexplained, true)), ['stopped B->A'])
  const beating = { ...base, there: { ...base.there, activity: 'unknown' as const, beats: true } }
  assert.equal(planFailback(beating, false).isRefused, false)
})

test('while the flow back copies, its start is left and groups are moved', () => {
  const base = failback([group('g', [position({ targetTopic: 'orders' })])], { keepsNames: true })
  const plan = planFailback({ ...base, back: { ...base.back, activity: 'copying' } }, false)
  assert.deepEqual([plan.isRefused, plan.starts.length, plan.groups[0]?.positions[0]?.action], [false, 0, 'set'])
})

test('what never got away, what home has lost and what lies among the copies are each refused, unless forced', () => {
  const cases = [
    ['never-copied', { ...shared, home: { ...shared.home, logEnd: 103 } }],
    ['still-there', { ...shared, home: { ...shared.home, logEnd: 95 } }],
    ['traced', { ...shared, home: { ...shared.home, map: null } }],
  ] as const
  for (const [name, partition] of cases) {
    const found = failback([], { keepsNames: true, shared: [partition] })
    assert.deepEqual(refusals(planFailback(found, false)), [name])
    assert.equal(planFailback(found, true).isRefused, false)
  }
})
