import { Command, InvalidArgumentError } from 'commander'
import { BROKER_SETTINGS, openArena } from '../arena.ts'
import { names, positive } from '../arguments.ts'
import { build } from '../contestants/isthmus.ts'
import { runCopy } from '../copy-run.ts'
import { describeMachine, describeVersions, load } from '../machine.ts'
import { render, save } from '../print.ts'
import type { CopyResult } from '../results.ts'
import { describeShape, writeSourceData } from '../source-data.ts'
import { readable } from '../statistics.ts'
import { type Measured, telemetryTable } from './report.ts'
import { contestantOf, VARIANTS } from './variants.ts'
import { TELEMETRY_WORKLOADS } from './workloads.ts'

const ALL = VARIANTS.map(({ name }) => name)
const ALL_WORKLOADS = TELEMETRY_WORKLOADS.map(({ name }) => name)

const program = new Command('npm run bench:telemetry --')
  .description('What telemetry costs a mirror that copies a backlog: the same mirror, data and brokers, interleaved.')
  .option('--mb <n>', 'of key and value, each copy', positive, 2_000)
  .option('--runs <n>', 'rounds; each begins with another variant', positive, 5)
  .option('--calm <percent>', 'a copy during which others took more of the CPU is repeated, up to twice', positive)
  .option('--workloads <names>', `of ${ALL_WORKLOADS.join(', ')}`, text => names(text, ALL_WORKLOADS), ALL_WORKLOADS)
  .option('--variants <names>', `of ${ALL.join(', ')}; off is always there`, text => names(text, ALL), ALL)
  .parse()
const options = program.opts<{
  readonly mb: number
  readonly runs: number
  readonly calm?: number
  readonly workloads: readonly string[]
  readonly variants: readonly string[]
}>()
const variants = VARIANTS.filter(({ name }) => name === 'off' || options.variants.includes(name))
if (variants.length < 2) throw new InvalidArgumentError('Give a variant beside off.')

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const startedAt = new Date()
const say = (line: string): void => {
  process.stderr.write(`${((Date.now() - startedAt.getTime()) / 1000).toFixed(0).padStart(4)} s  ${line}\n`)
}

const loadBefore = load()
await build()
const measured: Measured[] = []
const arena = await openArena()
try {
  for (const workload of TELEMETRY_WORKLOADS.filter(({ name }) => options.workloads.includes(name))) {
    const data = await writeSourceData(arena, workload, options.mb)
    say(describeShape(data.shape))
    const once = (variant: (typeof variants)[number], round: number): Promise<CopyResult> =>
      runCopy(arena, contestantOf(variant), data, round)
    await once(variants[0]!, 0)
    for (let round = 1; round <= options.runs; round++) {
      for (let i = 0; i < variants.length; i++) {
        const variant = variants[(i + round) % variants.length]!
        let copy = await once(variant, round)
        for (let again = 0; again < 2 && (copy.othersCpuPercent ?? 0) > (options.calm ?? 100); again++) {
          const next = await once(variant, round)
          if ((next.othersCpuPercent ?? 0) < (copy.othersCpuPercent ?? 0)) copy = next
        }
        measured.push({ variant: variant.name, copy })
        const { lateMbPerSecond, lateCpuSecondsPerGb = Number.NaN, othersCpuPercent = Number.NaN } = copy
        say(
          `${workload.name}, round ${round}: ${variant.name}: ${readable(lateMbPerSecond)} MB/s, ` +
            `${readable(lateCpuSecondsPerGb)} CPU-s per GB, others ${readable(othersCpuPercent)} %`,
        )
      }
    }
    await arena.bridge.deleteTopic(arena.source, workload.name)
  }
} finally {
  await arena.close()
}

const report = {
  startedAt: startedAt.toISOString(),
  command: `npm run bench:telemetry -- ${process.argv.slice(2).join(' ')}`.trim(),
  machine: { ...describeMachine(), loadBefore, loadAfter: load() },
  versions: await describeVersions(false),
  measured,
}
const { machine, versions } = report
const printout = {
  tables: TELEMETRY_WORKLOADS.flatMap(workload => telemetryTable(workload, variants, measured)),
  facts: [
    `${report.startedAt}: ${report.command}`,
    `machine: ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, ${machine.os}; load before ${loadBefore.join(' ')}, after ${machine.loadAfter.join(' ')}`,
    `versions: ${Object.entries(versions)
      .map(pair => pair.join(' '))
      .join(', ')}`,
    `${options.mb} MB a copy, ${options.runs} rounds; ${BROKER_SETTINGS}`,
    'all of the second half of each copy; ratios are to the copy of the same round without telemetry: median (least–most)',
  ],
}
process.stdout.write(`\n${render(printout)}`)
say(`saved in ${save(report, printout, { prefix: 'telemetry-' })}`)
