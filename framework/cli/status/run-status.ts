import { type CommandCall, type CommandContext, ExitCode, type Terminal } from '../../api/command.ts'
import { ConfigError } from '../../api/index.ts'
import type { StatusReport } from '../../api/status-report.ts'
import { type AskOptions, ask } from './ask.ts'
import type { View } from './layout.ts'
import { parseStatusOptions, type StatusOptions } from './options.ts'
import { reportLines } from './report-lines.ts'
import { type Environment, fileOfTarget, type StatusTarget, statusTarget } from './target.ts'
import { watch } from './watch.ts'

const TIMEOUT_MS = 5_000

const CHECKED: Readonly<Record<StatusReport['health']['state'], number>> = {
  UP: ExitCode.STOPPED,
  DEGRADED: ExitCode.DEGRADED,
  DOWN: ExitCode.FAILED,
}

/**
 * `isthmus status`. Resolves with the exit code.
 * @throws ConfigError for options
 */
export async function runStatus(call: CommandCall, { terminal, stopping }: CommandContext): Promise<number> {
  const options = parseStatusOptions(call)
  const target = targetOrProblems(options.argument, process.env, terminal)
  if (target === undefined) return ExitCode.CONFIGURATION
  const view = (): View => viewOf(terminal, process.env)
  const signal = AbortSignal.any([stopping, terminal.outputClosed])
  const asking: AskOptions = { timeoutMs: TIMEOUT_MS, signal }
  if (options.watchMs !== undefined) {
    await watch({ ...options, everyMs: options.watchMs, target, terminal, view, asking })
    return ExitCode.STOPPED
  }
  const answer = await ask(target, asking)
  if (answer.kind === 'trouble') {
    terminal.problems('', [{ key: target.name, message: answer.message }])
    return ExitCode.CLUSTER
  }
  terminal.print(shownOnce(answer, options, target.name, terminal, view()))
  return options.check ? CHECKED[answer.report.health.state] : ExitCode.STOPPED
}

/** An address may have a password, which `terminal.problems` would show with the argument: problems name the file alone. */
function targetOrProblems(argument: string | undefined, env: Environment, terminal: Terminal): StatusTarget | undefined {
  try {
    return statusTarget(argument, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    terminal.problems(fileOfTarget(argument, env), error.problems)
    return undefined
  }
}

function shownOnce(
  { report, json }: { readonly report: StatusReport; readonly json: string },
  options: StatusOptions,
  name: string,
  terminal: Terminal,
  view: View,
): string {
  if (options.json) return JSON.stringify(JSON.parse(json), null, terminal.isInteractive ? 2 : 0)
  return reportLines(report, name, options.shown, view).join('\n')
}

/** A pipe has no width, unless the environment says that of the terminal behind it, as `watch` does. */
function viewOf(terminal: Terminal, env: Environment): View {
  const told = Number(env.COLUMNS)
  const piped = told > 0 ? told : Number.POSITIVE_INFINITY
  return {
    columns: terminal.isInteractive ? terminal.columns : piped,
    style: (style, text) => terminal.style(style, text),
  }
}
