import { dirname, resolve } from 'node:path'
import { type CommandCall, type CommandContext, ExitCode } from '../../../framework/api/command.ts'
import { mirrorHealth, mirrorMetrics, mirrorReport } from '../observe/index.ts'
import { exitCodeOf, nothingRuns } from './endings.ts'
import type { MirrorMaker } from './mirror-maker.ts'
import { mirrorOf } from './open-mirror.ts'
import { type MirrorOptions, parseMirrorOptions } from './options.ts'
import { planLines, tellWarnings } from './plan-lines.ts'
import { type MirrorFile, readMirrorFile } from './read-mirror-file.ts'
import { reportProgress } from './report-progress.ts'
import { unreachableProblems } from './unreachable-problems.ts'

/**
 * `isthmus mirror FILE`: runs every enabled flow of the file until a signal, or until none can go on. Resolves with the exit code.
 * @throws ConfigError with all problems of the file and the options
 */
export async function runMirror(call: CommandCall, context: CommandContext): Promise<number> {
  const [path = ''] = call.arguments
  const options = parseMirrorOptions(call.options)
  const plugins = context.plugins([dirname(resolve(path)), process.cwd()])
  const file = await readMirrorFile(path, {
    clusters: options.clusters,
    injector: context.injector,
    plugins,
    logger: context.logger,
  })
  context.logLevels(file.plan.observe.logLevels)
  tellWarnings(path, file.plan.warnings, options, context)
  if (options.check) {
    for (const line of planLines(file)) context.terminal.print(line)
    return ExitCode.STOPPED
  }
  return mirror(path, file, options, context)
}

async function mirror(path: string, file: MirrorFile, options: MirrorOptions, context: CommandContext): Promise<number> {
  const { terminal, stopping, stopNow, program } = context
  const startedMs = Date.now()
  const maker = mirrorOf(file, context)
  const flows = maker.observed()
  const { listen, metrics } = file.plan.observe
  const observation = await context.observe({
    listen: options.listen ?? listen,
    metrics: mirrorMetrics(flows, metrics),
    health: () => mirrorHealth(flows),
    status: () => mirrorReport({ program, startedMs, flows }),
  })
  const onStopNow = (): void => maker.stopNow()
  stopNow.addEventListener('abort', onStopNow, { once: true })
  const reporting = await reportProgress(maker, options.summaryIntervalMs, context)
  maker.start()
  const ending = await Promise.race([onceAborted(stopping), endingOf(maker, options.startTimeoutMs)])
  await maker.stop()
  await observation.close()
  reporting.close()
  stopNow.removeEventListener('abort', onStopNow)
  if (ending === 'asked') return ExitCode.STOPPED
  terminal.problems(path, unreachableProblems(ending.unreachable, file, options.startTimeoutMs))
  return exitCodeOf(ending)
}

type Ending = Parameters<typeof exitCodeOf>[0]

/** When nothing can run: clusters that did not answer in time or refused us, and flows that failed. */
async function endingOf(maker: MirrorMaker, startTimeoutMs: number): Promise<Ending> {
  if (startTimeoutMs > 0) {
    const unreachable = await maker.unreachable(startTimeoutMs)
    if (unreachable.length > 0 && nothingRuns(maker, unreachable)) return { unreachable, failed: maker.failed }
  }
  return new Promise(resolveEnding => {
    const look = (): void => {
      if (nothingRuns(maker, [])) resolveEnding({ unreachable: [], failed: maker.failed })
    }
    maker.change$.subscribe({ next: look, error: look })
    look()
  })
}

function onceAborted(signal: AbortSignal): Promise<'asked'> {
  return new Promise(done => {
    if (signal.aborted) done('asked')
    else signal.addEventListener('abort', () => done('asked'), { once: true })
  })
}
