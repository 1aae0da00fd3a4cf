import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectContestantName } from '../../../bench/connect/contestants.ts'
import { type ConnectReport, connectPrintout, judgeConnect } from '../../../bench/connect/report.ts'
import type { ConnectResult } from '../../../bench/connect/run.ts'

const result = (contestant: ConnectContestantName, figures: Partial<ConnectResult> = {}): ConnectResult => ({
  contestant,
  workload: 'sink',
  round: 1,
  recordsPerSecond: 100_000,
  startToFirstSeconds: 1,
  extraRecords: 0,
  exitCode: 0,
  ...figures,
})

const report = (results: readonly ConnectResult[], failures: readonly string[] = []): ConnectReport => ({
  startedAt: '2026-01-02T03:04:05.000Z',
  minutes: 1,
  command: 'npm run bench:connect',
  machine: { cpu: 'any', cores: 2, memoryGb: 8, os: 'Linux', loadBefore: [0, 0, 0], loadAfter: [1, 1, 1] },
  versions: { kafka: '4.2.0' },
  settings: {},
  results,
  failures,
})

const verdictOf = (results: readonly ConnectResult[], metric: string) =>
  judgeConnect(results).find(verdict => verdict.metric === metric)

test('records per core are judged by processor time, not by how fast a run was', () => {
  const results = [
    result('isthmus', { recordsPerSecond: 10_000, cpuSecondsPerMillion: 2 }),
    result('java', { recordsPerSecond: 90_000, cpuSecondsPerMillion: 5 }),
  ]
  assert.equal(verdictOf(results, 'records/s per core')?.measured, 2.5)
  assert.equal(verdictOf(results, 'records/s per core')?.ok, true)
})

test('the second half is judged by itself: what is slower once all is compiled is a miss', () => {
  const results = [
    result('isthmus', { cpuSecondsPerMillion: 2, lateCpuSecondsPerMillion: 2 }),
    result('java', { cpuSecondsPerMillion: 5, lateCpuSecondsPerMillion: 1 }),
  ]
  assert.equal(verdictOf(results, 'records/s per core')?.ok, true)
  assert.equal(verdictOf(results, 'the same, second half')?.ok, false)
})

test('a quarter of the memory and a tenth of the start are goals, and just met is met', () => {
  const ours = { peakRssMb: 100, startToFirstSeconds: 0.5 }
  const met = [result('isthmus', ours), result('java', { peakRssMb: 400, startToFirstSeconds: 5 })]
  assert.deepEqual([verdictOf(met, 'peak RSS')?.ok, verdictOf(met, 'start to first')?.ok], [true, true])
  const missed = [result('isthmus', ours), result('java', { peakRssMb: 399, startToFirstSeconds: 4.9 })]
  assert.deepEqual([verdictOf(missed, 'peak RSS')?.ok, verdictOf(missed, 'start to first')?.ok], [false, false])
})

test('medians of the rounds are compared', () => {
  const rounds = [1, 100, 3].map(startToFirstSeconds => result('isthmus', { startToFirstSeconds }))
  assert.equal(verdictOf([...rounds, result('java', { startToFirstSeconds: 30 })], 'start to first')?.measured, 0.1)
})

test('a goal without both figures is not judged', () => {
  assert.deepEqual(judgeConnect([result('isthmus', { cpuSecondsPerMillion: 2 })]), [])
  assert.equal(verdictOf([result('isthmus'), result('java')], 'records/s per core'), undefined)
})

test('what could not be measured, what had to be killed and what came twice is said beside the figures', () => {
  const { facts } = connectPrintout(
    report([result('isthmus', { exitCode: 137, extraRecords: 3 })], ['sink, round 1: java: gone']),
  )
  assert.ok(facts.includes('sink, isthmus, round 1: 3 records too many'))
  assert.ok(facts.some(fact => fact.startsWith('sink, isthmus, round 1: had to be killed')))
  assert.ok(facts.includes('NOT MEASURED: sink, round 1: java: gone'))
})
