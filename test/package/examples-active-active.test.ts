import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findStrays } from '../../examples/active-active/strays.ts'
import { countsIn, runProgram } from './running-program.ts'

test('active-active: each site has seen every order of both sites once, nothing goes round, exit code 0', async () => {
  const example = runProgram('examples/main.ts', 'active-active')
  const [code] = await example.ended
  const output = example.output()
  assert.equal(code, 0, output)
  const counts = countsIn(output)
  const written = counts['billing on east']?.[0] ?? 0
  assert.ok(written >= 1_200, output)
  assert.deepEqual(counts, { 'billing on east': [written, written, 0, 0, 0], 'billing on west': [written, written, 0, 0, 0] })
  const places = [...output.matchAll(/(east|west): orders (\d+) records, (?:east|west)\.orders (\d+) records/g)]
  const sums = places.map(([, site, own, copied]) => [site, Number(own) + Number(copied)])
  assert.deepEqual(sums.sort(), [
    ['east', written],
    ['west', written],
  ])
  assert.match(output, /topic east\.look-2 on west created/, 'every topic is copied')
  assert.match(output, /nothing went round/)
})

test('a copy of a copy, and records that nobody wrote, are told', () => {
  const expected = { orders: 10, 'west.orders': 20 }
  const topics = ['orders', 'west.orders', 'west.heartbeats', 'eastern.west.orders']
  assert.deepEqual(findStrays(topics, ['east', 'west'], expected, expected), [])
  assert.deepEqual(findStrays([...topics, 'west.east.orders'], ['east', 'west'], { ...expected, orders: 30 }, expected), [
    'west.east.orders is a copy of a copy',
    'orders has 30 records, 10 were written',
  ])
})
