import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConnectOptions } from '../../../bench/connect/options.ts'

const workloadsOf = (...argv: string[]): readonly string[] => parseConnectOptions(argv).workloads.map(({ name }) => name)

test('without arguments everything is measured, twice', () => {
  const { runs, contestants, calm, isthmusCommand } = parseConnectOptions([])
  assert.deepEqual(workloadsOf(), ['source', 'source-json', 'sink', 'sink-transform'])
  assert.deepEqual([runs, contestants], [2, ['isthmus', 'java', 'java-tuned']])
  assert.deepEqual([calm, isthmusCommand], [undefined, undefined])
})

test('workloads and contestants are taken in the order in which they are known', () => {
  assert.deepEqual(workloadsOf('--workloads', 'sink, source'), ['source', 'sink'])
  assert.deepEqual(parseConnectOptions(['--contestants', 'java,isthmus']).contestants, ['isthmus', 'java'])
})

test('--quick shortens what is not said otherwise', () => {
  const { records, runs } = parseConnectOptions(['--quick'])
  assert.equal(runs, 1)
  assert.ok(records < parseConnectOptions([]).records)
  const given = parseConnectOptions(['--quick', '--records', '7', '--runs', '2'])
  assert.deepEqual([given.records, given.runs], [7, 2])
})

test('a command to be measured is taken apart at its blanks', () => {
  assert.deepEqual(parseConnectOptions(['--isthmus-command', ' node  --cpu-prof x.js']).isthmusCommand, [
    'node',
    '--cpu-prof',
    'x.js',
  ])
})
