import { type CommandCall, type CommandContext, ExitCode } from '../../../framework/api/command.ts'
import { type Applied, applyPlan } from './apply-plan.ts'
import { type MovePlan, planFailback, planFailover } from './move-plan.ts'
import { type MoveOptions, parseMoveOptions } from './options.ts'
import { type MoveCall, planJson } from './plan-json.ts'
import { endingLine, planLines } from './plan-lines.ts'
import { readFailback } from './read-failback.ts'
import { readSituation } from './read-situation.ts'
import { type Opened, withFlow } from './run-command.ts'

/** `isthmus failover FILE A->B` and `isthmus failback FILE A->B`. Resolves with the exit code. */
export async function runMove(command: MoveCall['command'], call: CommandCall, context: CommandContext): Promise<number> {
  const options = parseMoveOptions(call.options)
  return withFlow(call, context, options, command === 'failover' ? 'there' : 'back', async opened => {
    const plan = await planOf(command, opened, options)
    const applies = options.mode === 'apply' && !plan.isRefused
    const applied = applies ? await applyPlan(plan, opened.settings.there.flow, opened.clusters) : null
    const { source, target } = command === 'failover' ? opened.settings.there.flow : opened.settings.back.flow
    show({ command, flow: `${source}->${target}`, mode: options.mode }, plan, applied, options, context)
    if (plan.isRefused) return ExitCode.REFUSED
    return applied?.failed == null ? ExitCode.STOPPED : ExitCode.FAILED
  })
}

async function planOf(
  command: MoveCall['command'],
  { settings, clusters }: Opened,
  { groups, force, startOnly }: MoveOptions,
): Promise<MovePlan> {
  const look = { settings, clusters, named: groups }
  if (command === 'failback') {
    const found = await readFailback(look)
    return planFailback(startOnly ? { ...found, groups: [], progress: [] } : found, force, startOnly ? 'start' : 'all')
  }
  const { situation } = await readSituation({ ...look, source: force ? 'dispensable' : 'helpful' })
  return planFailover(situation, force)
}

function show(
  call: MoveCall,
  plan: MovePlan,
  applied: Applied | null,
  { json }: MoveOptions,
  { terminal }: CommandContext,
): void {
  if (json) {
    terminal.print(JSON.stringify(planJson(call, plan, applied), null, 2))
    return
  }
  for (const line of planLines(plan, (style, text) => terminal.style(style, text))) terminal.print(line)
  terminal.print('')
  terminal.print(endingLine(plan, applied))
}
