import type { Verdict } from '../goals.ts'
import type { Printout } from '../print.ts'
import { goalTables, type Table } from '../report.ts'
import type { Machine } from '../results.ts'
import { describeSpread, readable, spread } from '../statistics.ts'
import type { ConnectContestantName } from './contestants.ts'
import type { ConnectResult } from './run.ts'
import { connectWorkloads } from './workloads.ts'

export interface ConnectReport {
  readonly startedAt: string
  readonly minutes: number
  readonly command: string
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  readonly results: readonly ConnectResult[]
  /** What could not be measured, and why. */
  readonly failures: readonly string[]
}

export const connectPrintout = (report: ConnectReport): Printout => ({
  tables: [...workloadTables(report.results), ...goalTables(judgeConnect(report.results))],
  facts: factsOf(report),
})

type Figure = (result: ConnectResult) => number | undefined

/** Records that one core, wholly used, would do in a second. */
const perCore: Figure = ({ cpuSecondsPerMillion }) =>
  cpuSecondsPerMillion === undefined ? undefined : 1e6 / cpuSecondsPerMillion
/** Of the second half, when the JVM has compiled what it compiles: the harder comparison. */
const latePerCore: Figure = ({ lateCpuSecondsPerMillion }) =>
  lateCpuSecondsPerMillion === undefined ? undefined : 1e6 / lateCpuSecondsPerMillion
const memory: Figure = ({ peakRssMb }) => peakRssMb
const start: Figure = ({ startToFirstSeconds }) => startToFirstSeconds

const COLUMNS: readonly (readonly [title: string, figure: Figure])[] = [
  ['1000 records/s', ({ recordsPerSecond }) => recordsPerSecond / 1e3],
  ['CPU-s per million', ({ cpuSecondsPerMillion }) => cpuSecondsPerMillion],
  ['1000 records/s per core', result => divided(perCore(result), 1e3)],
  ['the same, second half', result => divided(latePerCore(result), 1e3)],
  ['peak RSS, MB', memory],
  ['start to first, s', start],
  ['CPU-s until then', ({ startCpuSeconds }) => startCpuSeconds],
  ['others, % of CPU', ({ othersCpuPercent }) => othersCpuPercent],
]

const workloadTables = (results: readonly ConnectResult[]): readonly Table[] =>
  connectWorkloads.flatMap(({ name, title }) => {
    const own = results.filter(({ workload }) => workload === name)
    if (own.length === 0) return []
    const rows = [...new Set(own.map(({ contestant }) => contestant))].map(contestant => {
      const runs = own.filter(result => result.contestant === contestant)
      const cells = COLUMNS.map(([, figure]) => describeSpread(spread(defined(runs.map(figure)))))
      return [contestant, ...cells, String(runs.length)]
    })
    return [{ title: `${name}: ${title}`, head: ['', ...COLUMNS.map(([heading]) => heading), 'runs'], rows }]
  })

interface Goal {
  readonly metric: string
  readonly figure: Figure
  readonly bound: 'at least' | 'at most'
  readonly ratio: number
  readonly text: string
}

const GOALS: readonly Goal[] = [
  { metric: 'records/s per core', figure: perCore, bound: 'at least', ratio: 1, text: '≥ 1×' },
  { metric: 'the same, second half', figure: latePerCore, bound: 'at least', ratio: 1, text: '≥ 1×' },
  { metric: 'peak RSS', figure: memory, bound: 'at most', ratio: 1 / 4, text: '≤ 1/4' },
  { metric: 'start to first', figure: start, bound: 'at most', ratio: 1 / 10, text: '≤ 1/10' },
]

/** Isthmus' medians by those of the others. */
export const judgeConnect = (results: readonly ConnectResult[]): readonly Verdict[] =>
  GOALS.flatMap(({ metric, figure, bound, ratio, text }) =>
    connectWorkloads.flatMap(({ name: workload }) => {
      const median = (contestant: ConnectContestantName): number | undefined => {
        const runs = results.filter(result => result.workload === workload && result.contestant === contestant)
        return spread(defined(runs.map(figure)))?.median
      }
      return (['java', 'java-tuned'] as const).flatMap(against => {
        const measured = divided(median('isthmus'), median(against))
        if (measured === undefined) return []
        return [
          { metric, workload, against, goal: text, measured, ok: bound === 'at least' ? measured >= ratio : measured <= ratio },
        ]
      })
    }),
  )

const divided = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b

const defined = (values: readonly (number | undefined)[]): readonly number[] => values.filter(value => value !== undefined)

const KILLED = 137

const placeOf = ({ workload, contestant, round }: ConnectResult): string => `${workload}, ${contestant}, round ${round}`

const factsOf = ({ startedAt, minutes, command, machine, versions, settings, results, failures }: ConnectReport): string[] => [
  `${startedAt}, ${readable(minutes)} minutes: ${command}`,
  `machine: ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, ${machine.os}`,
  `load average before ${machine.loadBefore.join(' ')}, after ${machine.loadAfter.join(' ')}`,
  `versions: ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}`,
  ...Object.entries(settings).map(([name, text]) => `${name}: ${text}`),
  ...results
    .filter(({ extraRecords }) => extraRecords !== 0)
    .map(result => `${placeOf(result)}: ${result.extraRecords} records too many`),
  ...results
    .filter(({ exitCode }) => exitCode === KILLED)
    .map(result => `${placeOf(result)}: had to be killed, SIGTERM did not end it in time`),
  ...failures.map(failure => `NOT MEASURED: ${failure}`),
]
