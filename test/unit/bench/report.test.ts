import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from '../../bench/goals.ts'
import { markdownOf, tablesOf } from '../../bench/report.ts'
import type { BenchReport, ContestantName, CopyResult, LatencyResult } from '../../bench/results.ts'

const copy = (contestant: ContestantName, mbPerSecond: number, figures: Partial<CopyResult> = {}): CopyResult => ({
  contestant,
  workload: 'json-lz4',
  round: 1,
  mbPerSecond,
  copySeconds: 1,
  lateMbPerSecond: mbPerSecond,
  startToFirstSeconds: 1,
  targetLogMb: 23,
  extraRecords: 0,
  exitCode: 0,
  ...figures,
})

const latency = (contestant: ContestantName, addedP50: number): LatencyResult => {
  const source = { p50: 3, p99: 60, max: 70, missing: 0 }
  return { contestant, records: 1000, source, target: { ...source, p50: 3 + addedP50 }, addedP50 }
}

const report = (copies: CopyResult[], latencies: LatencyResult[] = []): BenchReport => ({
  startedAt: '2026-01-02T03:04:05.000Z',
  minutes: 1,
  command: 'npm run bench',
  machine: { cpu: 'any', cores: 2, memoryGb: 8, os: 'Linux', loadBefore: [0, 0, 0], loadAfter: [1, 1, 1] },
  versions: { kafka: '4.2.0' },
  settings: {},
  shapes: [],
  copies,
  latencies,
  failures: [],
  notes: [],
})

const find = (verdicts: ReturnType<typeof judge>, metric: string, against: string) =>
  verdicts.find(verdict => verdict.metric === metric && verdict.against === against)

test('a goal is judged by the ratio of the medians', () => {
  const verdicts = judge(
    report([copy('isthmus', 900), copy('isthmus', 1000), copy('isthmus', 100), copy('go', 500), copy('limit', 1200)]),
  )
  assert.deepEqual(find(verdicts, 'throughput', 'go'), {
    metric: 'throughput',
    workload: 'json-lz4',
    against: 'go',
    goal: '≥ 1.8×',
    measured: 1.8,
    ok: true,
  })
  assert.equal(find(verdicts, 'throughput', 'limit')?.ok, false)
})

test('a goal without both figures is not judged', () => {
  assert.deepEqual(judge(report([copy('isthmus', 900)])), [])
  assert.deepEqual(judge(report([copy('mm2', 900)])), [])
})

test('less is better for CPU, memory, start and latency', () => {
  const ours = copy('isthmus', 900, { cpuSecondsPerGb: 1, peakRssMb: 257, startToFirstSeconds: 2 })
  const theirs = copy('mm2', 90, { cpuSecondsPerGb: 20, peakRssMb: 2000, startToFirstSeconds: 7 })
  const verdicts = judge(report([ours, theirs], [latency('isthmus', 3), latency('mm2', 7)]))
  assert.deepEqual(
    verdicts.map(({ metric, against, goal, ok }) => [metric, against, goal, ok]),
    [
      ['throughput', 'mm2', '≥ 12×', false],
      ['CPU-s per GB', 'mm2', '≤ 1/20', true],
      ['peak RSS', 'mm2', '≤ 1/6', true],
      ['start to first record', 'mm2', '≤ 1/4', false],
      ['added latency p50', 'mm2', '≤ 1/2', true],
      ['peak RSS', '', '≤ 256 MB', false],
    ],
  )
})

test('the report has a table per workload, one of latencies and one of goals', () => {
  const tables = tablesOf(report([copy('isthmus', 900), copy('mm2', 45)], [latency('isthmus', 3), latency('mm2', 7)]))
  assert.deepEqual(
    tables.map(({ title }) => title.split(':')[0]),
    ['json-lz4', 'latency', 'goals'],
  )
  for (const { head, rows } of tables) for (const row of rows) assert.equal(row.length, head.length)
})

test('a run that failed is named in the report', () => {
  const failed = { ...report([]), failures: [{ contestant: 'go' as const, what: 'plain-1k, round 1', reason: 'no route\nmore' }] }
  assert.match(markdownOf(failed), /NOT MEASURED: go, plain-1k, round 1: no route$/m)
})
