import assert from 'node:assert/strict'
import { test } from 'node:test'
import { History, HOUR_MS } from '../../framework/rest/page/history.js'
import { pieces, ticks, timeTicks } from '../../framework/rest/page/scale.js'
import { AT, flow, historyOf } from './reports.ts'
import { SCENARIOS } from './scenarios.ts'

test('an hour is kept, as far apart as the process keeps it, with the newest report at its end', () => {
  const history = new History()
  const report = SCENARIOS.healthy
  history.load(historyOf(report))
  for (let second = 1; second <= 7_200; second++) {
    history.add({ ...report, atMs: AT + second * 1_000, flows: [flow('primary', 'standby', { lagRecords: second })] })
  }
  const samples = history.of('primary->standby')
  assert.ok(samples.length <= 722, `${samples.length}`)
  assert.equal(samples.at(-1)?.lagRecords, 7_200)
  assert.ok(samples[0]!.atMs >= AT + 7_200_000 - HOUR_MS)
  assert.ok(
    samples.every((sample, i) => i === 0 || sample.atMs > samples[i - 1]!.atMs),
    'in order',
  )
})

test('a flow that is gone is forgotten; a report that came twice counts once', () => {
  const history = new History()
  const report = { ...SCENARIOS.healthy, flows: [flow('a', 'b')] }
  history.add(report)
  history.add(report)
  assert.equal(history.of('a->b').length, 1)
  history.add({ ...report, atMs: AT + 1_000, flows: [] })
  assert.equal(history.of('a->b').length, 0)
})

test('what was not known, and pauses, are gaps in a line', () => {
  const points = [1, 2, null, 4, 5, 90, 91].map((value, i) => ({ x: i * 10, at: (value ?? 3) * 1_000, value }))
  assert.deepEqual(
    pieces(points, 15_000).map(piece => piece.map(({ value }) => value)),
    [
      [1, 2],
      [4, 5],
      [90, 91],
    ],
  )
})

test('a line keeps its peaks, however many values a pixel has', () => {
  const points = Array.from({ length: 36_000 }, (_, i) => ({ x: i / 100, at: i, value: i === 17_777 ? 999 : i % 7 }))
  const [piece = []] = pieces(points, 1_000)
  assert.ok(piece.length < 360 * 5, `${piece.length}`)
  assert.equal(Math.max(...piece.map(({ value }) => value)), 999)
})

test('axes have round numbers', () => {
  assert.deepEqual(ticks(1_284_311, 3), [0, 500_000, 1_000_000, 1_500_000])
  assert.deepEqual(ticks(1, 3), [0, 0.5, 1])
  const hour = timeTicks(AT - HOUR_MS, AT, 5)
  assert.ok(hour.length >= 3 && hour.length <= 5)
  assert.ok(hour.every(at => new Date(at).getMinutes() % 15 === 0))
})
