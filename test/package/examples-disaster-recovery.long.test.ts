import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isKept, type Outcome, outcomeLines } from '../../examples/disaster-recovery/outcome.ts'
import { countsIn, runProgram } from './running-program.ts'

test('disaster-recovery: there and back with nothing twice and nothing missing, what never got to the standby is listed, exit code 0', async () => {
  const example = runProgram('examples/main.ts', 'disaster-recovery')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  const counts = countsIn(output)
  const written = counts['log of primary']?.[0] ?? 0
  assert.ok(written > 500, output)
  const exactly = (orders: number): readonly number[] => [orders, orders, 0, 0, 0]
  assert.deepEqual(counts, {
    billing: exactly(written - 20),
    reports: exactly(written),
    'log of primary': exactly(written),
    'log of standby': exactly(written - 20),
  })
  assert.match(output, /primary cannot be read \(.*ECONNREFUSED/, 'primary is really gone')
  assert.match(output, /REFUSED {2}up to 20 records that primary had never got to standby/)
  assert.match(output, /standby never got: 20; listed by isthmus failback: 20, the same/)
})

test('an order read twice or not at all, or a list that is not right, breaks the promise', () => {
  const kept: Outcome = {
    written: ['a', 'b', 'c'],
    lost: ['b'],
    listed: ['b'],
    read: { billing: ['a', 'c'], reports: ['a', 'b', 'c'] },
    logs: { primary: ['a', 'b', 'c'], standby: ['a', 'c'] },
  }
  assert.ok(isKept(kept))
  const broken: readonly Outcome[] = [
    { ...kept, listed: [] },
    { ...kept, listed: ['b', 'c'] },
    { ...kept, read: { ...kept.read, billing: ['a', 'c', 'c'] } },
    { ...kept, read: { ...kept.read, reports: ['a', 'b'] } },
    { ...kept, logs: { ...kept.logs, primary: ['a', 'a', 'b', 'c'] } },
    { ...kept, logs: { ...kept.logs, standby: ['a', 'b', 'c'] } },
  ]
  for (const outcome of broken) {
    assert.ok(!isKept(outcome))
    assert.match(outcomeLines(outcome).join('\n'), /NOT EXACT|NOT THE SAME/)
  }
})
