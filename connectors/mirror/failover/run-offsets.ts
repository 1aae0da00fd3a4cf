import { type CommandCall, type CommandContext, ExitCode } from '../../../framework/api/command.ts'
import { columns } from '../../../framework/text/columns.ts'
import { parseLookOptions } from './options.ts'
import { offsetsJson } from './plan-json.ts'
import { offsetRows } from './position-rows.ts'
import { sourceReached } from './progress-check.ts'
import { readSituation } from './read-situation.ts'
import { withFlow } from './run-command.ts'

/** `isthmus offsets FILE A->B`. Resolves with the exit code. */
export async function runOffsets(call: CommandCall, context: CommandContext): Promise<number> {
  const options = parseLookOptions(call.options)
  return withFlow(call, context, options, 'there', async ({ settings, clusters }) => {
    const { situation } = await readSituation({ settings, clusters, named: options.groups, source: 'helpful' })
    const { groups, source, target, sourceError } = situation
    const { terminal } = context
    if (options.json) terminal.print(JSON.stringify(offsetsJson(settings.there.flow.name, situation), null, 2))
    else {
      if (sourceError !== null) terminal.print(sourceReached(situation).message)
      if (groups.length === 0) terminal.print(`No group has offsets on ${source} in topics of ${source}->${target}.`)
      else for (const line of columns(offsetRows(groups, target))) terminal.print(line)
    }
    return ExitCode.STOPPED
  })
}
