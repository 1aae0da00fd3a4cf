import type { Command } from '../../../framework/api/command.ts'
import { moveOptions } from './options.ts'

const HELP = `
Examples:
  isthmus failover mm2.properties 'primary->backup' --plan
  isthmus failover mm2.properties primary:backup --apply
  isthmus failover mm2.properties primary:backup --group billing --apply --json

Stop the consumers first. Where the source cannot be reached, groups go on from their last checkpoints on the target.
Running it again does no harm. Nothing at all is changed when anything is refused.
`

/** `isthmus failover`. What it does is loaded when it runs. */
export const command: Command = {
  name: 'failover',
  summary: 'let consumer groups of the source of a flow go on at its target',
  arguments: [
    { name: 'file', doc: 'a properties file, e.g. mm2.properties' },
    { name: 'flow', doc: "a flow of it, 'A->B' (in quotes) or A:B" },
  ],
  options: moveOptions,
  help: HELP,
  async run(call, context) {
    const { runMove } = await import('./run-move.ts')
    return runMove('failover', call, context)
  },
}
