import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFaithful, summaryTable } from '../../examples/demo/comparison.ts'
import { assertInterruptible, type RunningProgram, runProgram } from './running-program.ts'

const runDemo = (...args: string[]): RunningProgram => runProgram('examples/demo/main.ts', ...args)

test('npm run demo ends with equal topics and exit code 0', async () => {
  const demo = runDemo()
  const [code] = await demo.ended
  assert.equal(code, 0, demo.output())
  assert.match(demo.output(), /east->west: RUNNING, \d+ partitions, lag [\d,]+/)
  assert.equal(demo.output().match(/│ equal │/g)?.length, 4, demo.output())
  assert.match(demo.output(), /11\d,\d{3} records arrived as they were sent/)
})

test('interrupted, it ends its mirror and its clusters', () => assertInterruptible(runDemo(), 'east->west'))

test('a copy that differs is called so', () => {
  const counts = { source: 3, target: 3, missing: 0, duplicated: 0, reordered: 0, altered: 0, unexpected: 0 }
  const topic = { name: 'orders', what: '', records: 3 }
  const equal = {
    topic,
    copy: 'east.orders',
    codecs: 'lz4',
    codecsOfCopy: 'lz4',
    comparison: { ...counts, equal: true, examples: [] },
  }
  const altered = { ...equal.comparison, altered: 1, equal: false, examples: ['altered 0/2'] }
  assert.ok(isFaithful(equal))
  assert.ok(!isFaithful({ ...equal, comparison: altered }))
  assert.ok(!isFaithful({ ...equal, codecsOfCopy: 'none' }), 'compressed otherwise')
  assert.ok(!isFaithful({ ...equal, topic: { ...topic, records: 4 } }), 'fewer than were written')
  assert.match(summaryTable([{ ...equal, comparison: altered }]), /DIFFERS[\s\S]*orders: altered 0\/2/)
})

test('--help says what it needs', async () => {
  const demo = runDemo('--help')
  assert.equal((await demo.ended)[0], 0)
  assert.match(demo.output(), /npm run demo -- --keep/)
  const misspelt = runDemo('--kep')
  assert.equal((await misspelt.ended)[0], 1)
  assert.match(misspelt.output(), /Unknown option '--kep'/)
})
