import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StatusEvents } from '../../../../../framework/runtime/status-report/index.ts'

const refused = { severity: 'warning', kind: 'group-sync', code: 'DENIED', message: 'not set' } as const

test('what repeats is one event that is counted, and the latest comes first', () => {
  const events = new StatusEvents()
  events.add(refused, 1_000)
  events.add({ severity: 'ok', kind: 'flow-state', message: 'runs' }, 2_000)
  events.add({ ...refused, message: 'not set either' }, 3_000)
  assert.deepEqual(events.list(), [
    { ...refused, message: 'not set either', firstMs: 1_000, lastMs: 3_000, count: 2 },
    { severity: 'ok', kind: 'flow-state', message: 'runs', firstMs: 2_000, lastMs: 2_000, count: 1 },
  ])
})

test('after a pause of a minute it is another event, and the older one keeps its place', () => {
  const events = new StatusEvents()
  events.add(refused, 1_000)
  events.add({ severity: 'ok', kind: 'group-sync', message: 'set again' }, 2_000)
  events.add(refused, 62_000)
  assert.deepEqual(
    events.list().map(({ severity, lastMs, count }) => [severity, lastMs, count]),
    [
      ['warning', 62_000, 1],
      ['ok', 2_000, 1],
      ['warning', 1_000, 1],
    ],
  )
})

test('the last error stays known when its event is long gone, and when all is well again', () => {
  const events = new StatusEvents()
  events.add(refused, 1_000)
  for (let i = 0; i < 500; i++) events.add({ severity: 'ok', kind: `kind-${i}`, message: 'fine' }, 2_000 + i)
  assert.deepEqual(events.lastError, { code: 'DENIED', message: 'not set', atMs: 1_000 })
  assert.equal(events.list().length, 200)
  assert.equal(events.list()[0]?.kind, 'kind-499')
  assert.equal(events.list().at(-1)?.kind, 'kind-300')
})

test('five thousand partitions in the same trouble leave room for other events', () => {
  const events = new StatusEvents()
  events.add(refused, 0)
  for (let i = 0; i < 5_000; i++) {
    events.add({ severity: 'warning', kind: 'retrying', partition: `orders-${i}`, message: `orders-${i} waits` }, 1_000 + i)
  }
  const list = events.list()
  assert.equal(list.length, 12)
  const [shared, ...others] = list
  assert.deepEqual([shared?.partition, shared?.count], [undefined, 4_990])
  assert.match(shared?.message ?? '', /orders-4999 waits/)
  assert.ok(others.some(({ kind }) => kind === 'group-sync'))
})
