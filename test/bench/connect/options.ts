import { Command, Option } from 'commander'
import { count, names, positive, words } from '../arguments.ts'
import { CONNECT_CONTESTANTS, type ConnectContestantName } from './contestants.ts'
import { CONNECT_WORKLOADS, type ConnectWorkload, connectWorkloads } from './workloads.ts'

export interface ConnectBenchOptions {
  readonly records: number
  readonly workloads: readonly ConnectWorkload[]
  readonly contestants: readonly ConnectContestantName[]
  readonly runs: number
  /** A run during which others took more of the CPU than this many percent is repeated, up to twice. */
  readonly calm?: number
  readonly json?: string
  /** Instead of `node dist/…/isthmus.js`; `connect standalone` and the files are appended. */
  readonly isthmusCommand?: readonly string[]
}

const RECORDS = 1_000_000
const QUICK_RECORDS = 100_000
const RUNS = 2

const HELP = `
Contestants: ${CONNECT_CONTESTANTS.join(', ')}
Workloads:
${connectWorkloads.map(({ name, title }) => `  ${name.padEnd(15)} ${title}`).join('\n')}

Examples:
  npm run bench:connect                                     everything; about four minutes on two cores
  npm run bench:connect -- --runs 3                         steadier medians; six minutes
  npm run bench:connect -- --quick                          a look whether all of it works; the figures mean little
  npm run bench:connect -- --records 5000000 --workloads sink --contestants isthmus,java --runs 1
  npm run bench:connect -- --isthmus-command 'node --cpu-prof dist/framework/cli/isthmus.js' --contestants isthmus --runs 1

The tables also go to .cache/bench/connect-latest.md and connect-latest.json, and under the time of the run.
Exit codes: 0 all was measured, 1 something was not (the reason is printed), 2 wrong usage.`

/** Ends the process for --help (0) and for a wrong argument (2). */
export const parseConnectOptions = (argv: readonly string[]): ConnectBenchOptions => {
  const program = new Command('npm run bench:connect --')
    .description("Isthmus' record path beside Java Connect standalone: the same connectors, files, topics, interleaved.")
    .option('--records <n>', 'of 100 bytes of JSON', positive, RECORDS)
    .addOption(
      new Option('--workloads <names>', 'comma-separated')
        .argParser(text => names(text, CONNECT_WORKLOADS))
        .default(CONNECT_WORKLOADS, 'all'),
    )
    .addOption(
      new Option('--contestants <names>', 'comma-separated')
        .argParser(text => names(text, CONNECT_CONTESTANTS))
        .default(CONNECT_CONTESTANTS, 'all'),
    )
    .option('--runs <n>', 'rounds A B C … A B C …; the tables give medians', positive, RUNS)
    .option('--calm <percent>', 'repeat a run, up to twice, when other processes took more of the CPU; the calmest counts', count)
    .option('--quick', `${QUICK_RECORDS} records, one round`)
    .option('--json <file>', 'write the figures there too')
    .option('--isthmus-command <words>', 'measure this command instead; connect standalone and the files are appended')
    .addHelpText('after', HELP)
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  program.parse([...argv], { from: 'user' })
  const { quick, workloads, isthmusCommand, ...given } = program.opts<
    Omit<ConnectBenchOptions, 'workloads' | 'isthmusCommand'> & {
      quick?: true
      workloads: readonly string[]
      isthmusCommand?: string
    }
  >()
  const isDefault = (name: string) => program.getOptionValueSource(name) === 'default'
  return {
    ...given,
    ...(quick && isDefault('records') && { records: QUICK_RECORDS }),
    ...(quick && isDefault('runs') && { runs: 1 }),
    ...(isthmusCommand !== undefined && { isthmusCommand: words(isthmusCommand) }),
    workloads: connectWorkloads.filter(({ name }) => workloads.includes(name)),
  }
}
