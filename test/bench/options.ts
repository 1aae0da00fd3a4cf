import { Command, Option } from 'commander'
import { count, names, positive, words } from './arguments.ts'
import { CONTESTANTS, type ContestantName } from './results.ts'
import { WORKLOADS, type Workload } from './workloads.ts'

export interface BenchOptions {
  /** Of key and value, per workload. */
  readonly mb: number
  readonly workloads: readonly Workload[]
  readonly contestants: readonly ContestantName[]
  readonly runs: number
  /** Of these runs, those that MirrorMaker 2 takes part in. */
  readonly mm2Runs: number
  /** 0: latency is not measured. */
  readonly latencySeconds: number
  readonly warmupSeconds: number
  /** A run during which others took more of the CPU than this many percent is repeated, up to twice. */
  readonly calm?: number
  readonly json?: string
  /** Instead of `node dist/…/isthmus.js mirror`; the properties file and --clusters target are appended. */
  readonly isthmusCommand?: readonly string[]
}

const EXAMPLES = `
Contestants: ${CONTESTANTS.join(', ')}
Workloads:
${WORKLOADS.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}

Examples:
  npm run bench                                              everything; about ten minutes on two cores
  npm run bench -- --quick                                   a look whether all of it works; the figures mean little
  npm run bench -- --workloads json-lz4 --contestants isthmus,go,limit --runs 5 --latency-seconds 0
  npm run bench -- --mb 5000 --contestants isthmus --workloads plain-1k   a longer backlog, for its memory
  npm run bench -- --json figures.json

The tables also go to .cache/bench/latest.md and latest.json, and under the time of the run.
Exit codes: 0 all was measured, 1 something was not (the reason is printed), 2 wrong usage.`

/** Ends the process for --help (0) and for a wrong argument (2). */
export const parseOptions = (argv: readonly string[]): BenchOptions => {
  const program = new Command('npm run bench --')
    .description(
      'Isthmus beside MirrorMaker 2, a record copier in Go and the limit of the target: same brokers, same data, interleaved.',
    )
    .option('--mb <n>', 'MB (10^6 bytes of key and value) per workload', positive, 1000)
    .addOption(new Option('--workloads <names>', 'comma-separated').argParser(workloads).default(WORKLOADS, 'all'))
    .addOption(new Option('--contestants <names>', 'comma-separated').argParser(contestants).default(CONTESTANTS, 'all'))
    .option('--runs <n>', 'rounds A B C … A B C …; the tables give medians', positive, 3)
    .option('--mm2-runs <n>', 'rounds in which MirrorMaker 2, ten times slower, takes part', count, 1)
    .option('--latency-seconds <n>', 'length of the measurement at 1,000 records/s; 0: none', count, 20)
    .option(
      '--calm <percent>',
      'repeat a copy, up to twice, when other processes took more of the CPU; the calmest counts',
      count,
    )
    .option('--quick', '100 MB, one round, 5 s of latency')
    .option('--json <file>', 'write the figures there too')
    .option('--isthmus-command <words>', 'measure this command instead; the properties file is appended')
    .addHelpText('after', EXAMPLES)
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  program.parse([...argv], { from: 'user' })
  const { quick, isthmusCommand, ...given } = program.opts<
    Omit<BenchOptions, 'isthmusCommand'> & { quick?: true; isthmusCommand?: string }
  >()
  const isDefault = (name: string) => program.getOptionValueSource(name) === 'default'
  const shortened = quick
    ? {
        ...(isDefault('mb') && { mb: 100 }),
        ...(isDefault('runs') && { runs: 1 }),
        ...(isDefault('latencySeconds') && { latencySeconds: 5 }),
      }
    : {}
  return {
    ...given,
    ...shortened,
    warmupSeconds: quick ? 3 : 10,
    ...(isthmusCommand === undefined ? {} : { isthmusCommand: words(isthmusCommand) }),
  }
}

const workloads = (text: string): readonly Workload[] =>
  names(
    text,
    WORKLOADS.map(({ name }) => name),
  ).map(name => WORKLOADS.find(workload => workload.name === name) as Workload)

const contestants = (text: string): readonly ContestantName[] => names(text, CONTESTANTS)
