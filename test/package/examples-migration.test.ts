import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areMoved } from '../../examples/migration/group-positions.ts'
import { assertInterruptible, countsIn, runProgram } from './running-program.ts'

test('migration: each order is read exactly once, with a pause of a moment, and the old cluster is gone, exit code 0', async () => {
  const example = runProgram('examples/main.ts', 'migration')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  const counts = countsIn(output)
  const written = counts['log of new']?.[0] ?? 0
  assert.ok(written >= 1_400, output)
  const exactly = [written, written, 0, 0, 0]
  assert.deepEqual(counts, { billing: exactly, reports: exactly, 'log of new': exactly })
  const [, pauseMs, onOld] = /the shop was closed for (\d+) ms; old had (\d+) orders/.exec(output) ?? []
  assert.ok(Number(pauseMs) < 5_000, output)
  assert.ok(Number(onOld) < written, 'the shop went on on new')
})

test('interrupted, it ends its mirror and its clusters', () =>
  assertInterruptible(runProgram('examples/main.ts', 'migration'), 'old->new'))

test('a group counts as moved once it is, on every partition, exactly where it should be', () => {
  const there = { targetOffset: 7, exactness: 'exact', committed: 7 }
  const of = (...partitions: (typeof there | { targetOffset: null; exactness: string; committed: null })[]) => ({
    groups: [{ group: 'billing', partitions }],
  })
  assert.ok(areMoved(of(there, there), ['billing']))
  assert.ok(!areMoved(of(there, { ...there, committed: 6 }), ['billing']))
  assert.ok(!areMoved(of(there, { ...there, exactness: 'low' }), ['billing']))
  assert.ok(!areMoved(of({ targetOffset: null, exactness: 'unknown', committed: null }), ['billing']))
  assert.ok(!areMoved(of(there), ['billing', 'reports']))
})
