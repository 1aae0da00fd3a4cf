import type { Command } from '../../../framework/api/command.ts'
import { lookOptions } from './options.ts'

const HELP = `
Examples:
  isthmus offsets mm2.properties 'primary->backup'
  isthmus offsets mm2.properties primary:backup --group billing
  isthmus offsets mm2.properties primary:backup --json | jq '.groups[].partitions[] | select(.exactness != "exact")'

OFFSET is that of the next record to read. exact = going on there neither skips nor repeats a record, low = it skips nothing.
Where the source cannot be reached, groups stand where their last checkpoints say.
`

/** `isthmus offsets`. What it does is loaded when it runs. */
export const command: Command = {
  name: 'offsets',
  summary: 'show where consumer groups stand on the source of a flow, and where that is on the target',
  arguments: [
    { name: 'file', doc: 'a properties file, e.g. mm2.properties' },
    { name: 'flow', doc: "a flow of it, 'A->B' (in quotes) or A:B" },
  ],
  options: lookOptions,
  help: HELP,
  async run(call, context) {
    const { runOffsets } = await import('./run-offsets.ts')
    return runOffsets(call, context)
  },
}
