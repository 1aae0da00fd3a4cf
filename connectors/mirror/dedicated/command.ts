import type { Command } from '../../../framework/api/command.ts'

const HELP = `
Example of FILE, mm2.properties:
  clusters = primary, backup
  primary.bootstrap.servers = primary1:9092, primary2:9092
  backup.bootstrap.servers = backup1:9092
  primary->backup.enabled = true
  primary->backup.topics = orders, payments\\\\..*
  replication.factor = 3

Files written for MirrorMaker 2 are used as they are.
A flow is copied by one process at a time: start more of them with the same file and they stand by.
`

/** `isthmus mirror`. What it does is loaded when it runs. */
export const command: Command = {
  name: 'mirror',
  summary: 'copy topics between Kafka clusters, as a MirrorMaker 2 properties file says',
  arguments: [{ name: 'file', doc: 'a properties file, e.g. mm2.properties' }],
  options: [
    { flags: '--clusters <alias...>', doc: 'only flows to these clusters (default: all)' },
    { flags: '--check', doc: 'read the file, tell what is wrong or odd in it and what would be copied, and end' },
    {
      flags: '--listen <address>',
      doc: 'host:port to serve /metrics, /health and /status at; none = nowhere (default: isthmus.http.listen of the file)',
    },
    {
      flags: '--start-timeout <seconds>',
      doc: 'give up when no flow has reached its clusters by then; 0 = never',
      default: '15',
    },
    {
      flags: '--summary-interval <seconds>',
      doc: 'of the log line per flow where no terminal shows the progress',
      default: '30',
    },
  ],
  help: HELP,
  async run(call, context) {
    const { runMirror } = await import('./run-mirror.ts')
    return runMirror(call, context)
  },
}
