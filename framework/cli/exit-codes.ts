import { ExitCode, type ExitName } from '../api/command.ts'

const MEANINGS: Readonly<Record<ExitName, string>> = {
  STOPPED: 'done, or stopped when asked to, everything under way finished and stored',
  CONFIGURATION: 'the command line or a file cannot be used: every problem is on standard error',
  UNEXPECTED: 'an unexpected error; --verbose shows where',
  CLUSTER:
    'at the start no flow, or no command, could use the clusters it needs: they do not answer, or refuse the security settings',
  FAILED: 'everything failed while running, or a command midway: the log or what was printed says why',
  REFUSED: 'nothing was changed, as it would not be safe: what was printed says why; --force does most of it all the same',
  DEGRADED: 'it works, but something of it does not go on as it should: what was printed says what',
}

const USUAL: readonly ExitName[] = ['STOPPED', 'CONFIGURATION', 'UNEXPECTED', 'CLUSTER', 'FAILED', 'REFUSED']

/** Exit codes of a command, as `--help` shows them. */
export function exitCodesHelp(
  names: readonly ExitName[] = USUAL,
  meanings: Readonly<Partial<Record<ExitName, string>>> = {},
): string {
  const lines = names.map(name => `  ${ExitCode[name]}         ${meanings[name] ?? MEANINGS[name]}`)
  return ['Exit codes:', ...lines, '  130, 143  stopped at once by a second SIGINT or SIGTERM', ''].join('\n')
}
