import { judge, type Verdict } from './goals.ts'
import type { BenchReport, CopyResult } from './results.ts'
import { describeSpread, readable, spread } from './statistics.ts'
import { WORKLOADS } from './workloads.ts'

export interface Table {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Everything that was measured, as tables. */
export const tablesOf = (report: BenchReport): Table[] => [
  ...WORKLOADS.flatMap(({ name, title }) => {
    const copies = report.copies.filter(copy => copy.workload === name)
    return copies.length === 0 ? [] : [copyTable(`${name}: ${title}`, copies)]
  }),
  ...(report.latencies.length === 0 ? [] : [latencyTable(report)]),
  ...goalTables(judge(report)),
]

const copyTable = (title: string, copies: readonly CopyResult[]): Table => ({
  title,
  head: [
    '',
    'MB/s',
    'CPU-s per GB',
    'peak RSS, MB',
    'start to first, s',
    'CPU-s until then',
    'target log, MB',
    'others, % of CPU',
    'runs',
  ],
  rows: [...new Set(copies.map(({ contestant }) => contestant))].map(contestant => {
    const own = copies.filter(copy => copy.contestant === contestant)
    const figure = (pick: (copy: CopyResult) => number | undefined): string =>
      describeSpread(spread(own.map(pick).filter(value => value !== undefined)))
    return [
      contestant,
      figure(copy => copy.mbPerSecond),
      figure(copy => copy.cpuSecondsPerGb),
      contestant === 'limit' ? '–' : figure(copy => copy.peakRssMb),
      contestant === 'limit' ? '–' : figure(copy => copy.startToFirstSeconds),
      contestant === 'limit' ? '–' : figure(copy => copy.startCpuSeconds),
      readable(spread(own.map(copy => copy.targetLogMb))?.median ?? 0),
      figure(copy => copy.othersCpuPercent),
      String(own.length),
    ]
  }),
})

const latencyTable = ({ latencies }: BenchReport): Table => ({
  title: 'latency: milliseconds from send() to poll() at 1,000 records/s of 1 KB',
  head: ['', 'source p50', 'source p99', 'target p50', 'target p99', 'added p50', 'missing', 'others, % of CPU'],
  rows: latencies.map(({ contestant, source, target, addedP50, othersCpuPercent }) => [
    contestant,
    readable(source.p50),
    readable(source.p99),
    readable(target.p50),
    readable(target.p99),
    readable(addedP50),
    String(target.missing),
    othersCpuPercent === undefined ? '–' : readable(othersCpuPercent),
  ]),
})

export const goalTables = (verdicts: readonly Verdict[]): Table[] =>
  verdicts.length === 0
    ? []
    : [
        {
          title: 'goals: isthmus by the other, medians of this run',
          head: ['', 'workload', 'against', 'goal', 'measured', ''],
          rows: verdicts.map(({ metric, workload, against, goal, measured, ok }) => [
            metric,
            workload,
            against,
            goal,
            describeMeasured(goal, measured),
            ok ? 'ok' : 'MISS',
          ]),
        },
      ]

/** Below a half as a fraction, to be read beside goals like ≤ 1/12. */
const describeMeasured = (goal: string, measured: number): string => {
  if (goal.endsWith('MB')) return `${readable(measured)} MB`
  return goal.includes('/') && measured > 0 && measured < 1 ? `1/${readable(1 / measured)}` : `${measured.toFixed(2)}×`
}

/** What the figures depend on, one fact a line. */
export const circumstancesOf = (report: BenchReport): string[] => {
  const { machine, versions, settings, startedAt, minutes, command } = report
  return [
    `${startedAt}, ${minutes.toFixed(1)} minutes: ${command}`,
    `machine: ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, ${machine.os}`,
    `load average before ${machine.loadBefore.join(' ')}, after ${machine.loadAfter.join(' ')}`,
    `versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    ...Object.entries(settings).map(([name, text]) => `${name}: ${text}`),
    ...report.shapes.map(
      ({ workload, batches, averageBatchBytes, codecs, ratio, records }) =>
        `data ${workload}: ${records} records in ${batches} batches of ${averageBatchBytes} bytes on average, ${codecs.join('+')}, ${ratio.toFixed(2)}:1`,
    ),
    ...report.notes,
    ...report.failures.map(({ contestant, what, reason }) => `NOT MEASURED: ${contestant}, ${what}: ${reason.split('\n')[0]}`),
  ]
}

export const markdownOf = (report: BenchReport): string => markdown(tablesOf(report), circumstancesOf(report))

export const markdown = (tables: readonly Table[], facts: readonly string[]): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const texts = tables.map(({ title, head, rows }) =>
    [`**${title}**`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'),
  )
  return `${[...texts, facts.map(fact => `- ${fact}`).join('\n')].join('\n\n')}\n`
}
