import type { Command } from '../../../framework/api/command.ts'
import { failbackOptions } from './options.ts'

const HELP = `
Examples:
  isthmus failback mm2.properties 'primary->backup' --plan     what primary had and backup never got, and what would be set
  isthmus failback mm2.properties primary:backup --apply       before backup->primary is started, and again when it has caught up
  isthmus failback mm2.properties primary:backup --apply --group billing
  isthmus failback mm2.properties backup:primary --apply --start-only   back home: before primary->backup is started again

Groups that went from primary to backup go back. Where topics keep their names, backup->primary is set to start after the last record
that came from primary, so that nothing is copied back. Running it again does no harm. Nothing at all is changed when anything is refused.
`

/** `isthmus failback`. What it does is loaded when it runs. */
export const command: Command = {
  name: 'failback',
  summary: 'let consumer groups that failed over by a flow go back to its source',
  arguments: [
    { name: 'file', doc: 'a properties file, e.g. mm2.properties' },
    { name: 'flow', doc: "the flow by which they failed over, 'A->B' (in quotes) or A:B" },
  ],
  options: failbackOptions,
  help: HELP,
  async run(call, context) {
    const { runMove } = await import('./run-move.ts')
    return runMove('failback', call, context)
  },
}
