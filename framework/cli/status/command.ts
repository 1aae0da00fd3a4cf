import type { Command } from '../../api/command.ts'

const HELP = `
Examples:
  isthmus status                              the mirror or worker at ISTHMUS_STATUS_URL, else at http://127.0.0.1:8083
  isthmus status mirror-1:8083                also http://mirror-1:8083, or https://… of a proxy
  isthmus status mm2.properties               where isthmus.http.listen of that file says; also a worker's file
  isthmus status --watch                      again every 2 seconds, until Ctrl-C; --watch 10 every 10
  isthmus status --partitions 100 --events 50
  isthmus status --check                      for monitoring: the exit code says how it is
  isthmus status --json | jq '.flows[] | {name, state, lagRecords}'
  isthmus status --json --watch 5             a line of JSON every 5 seconds

The process has to listen: isthmus mirror mm2.properties --listen 127.0.0.1:8083.
Shown are flows, partitions that need attention and those that lag most, consumer groups, connectors and tasks that do not run,
the last error and what happened lately. LAG is in records, OLDEST how long the oldest record that is not on the target has been
waiting, HOP the time through this process of the last seconds. ? and - = not known. Times are UTC, as in the log.
A window that is too narrow cuts sentences, never figures; what is written to a pipe is not cut.
`

/** `isthmus status`. What it does is loaded when it runs. */
export const command: Command = {
  name: 'status',
  summary: 'show what a running mirror or worker does, and what of it does not go on as it should',
  arguments: [{ name: 'target', doc: 'http://host:port, host:port, or the properties file of the process', optional: true }],
  options: [
    { flags: '--watch [seconds]', doc: 'look again and again, every 2 seconds unless said' },
    { flags: '--json', doc: 'the report as the process gives it; with --watch one line each time' },
    { flags: '--check', doc: 'exit code 6 for DEGRADED, 4 for DOWN; else a report is 0 whatever it says' },
    { flags: '--partitions <n>', doc: 'at most so many partitions', default: '10' },
    { flags: '--events <n>', doc: 'at most so many of the latest events', default: '5' },
    { flags: '--all', doc: 'connectors and tasks that run as they should, too' },
  ],
  help: HELP,
  exitCodes: ['STOPPED', 'CONFIGURATION', 'UNEXPECTED', 'CLUSTER', 'FAILED', 'DEGRADED'],
  exitMeanings: {
    STOPPED: 'a report was shown, or --watch was ended; with --check: UP',
    CONFIGURATION: 'the command line cannot be used, or the file says no address',
    CLUSTER: 'nothing answers there, or not an isthmus: standard error says why, and what to do',
    FAILED: 'with --check: DOWN, nothing does its work',
    DEGRADED: 'with --check: DEGRADED, it works, but something of it does not go on as it should',
  },
  logLevel: 'warn',
  async run(call, context) {
    const { runStatus } = await import('./run-status.ts')
    return runStatus(call, context)
  },
}
