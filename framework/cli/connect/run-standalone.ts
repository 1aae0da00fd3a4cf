import { type CommandCall, type CommandContext, ExitCode, type Following } from '../../api/command.ts'
import { ConfigError } from '../../api/index.ts'
import { periodically } from '../../flow/index.ts'
import type { Standalone } from '../../herder/standalone.ts'
import type { WorkerStatus } from '../../runtime/index.ts'
import { figuresOf, progressLines, summaryOf } from './progress.ts'
import { readFiles, type StandalonePlan } from './read-files.ts'

/**
 * Runs the connectors of the files until a signal, or until all of them have failed for good. Resolves with the exit code.
 * @throws ConfigError for an option
 */
export async function runStandalone(call: CommandCall, context: CommandContext): Promise<number> {
  const [worker = '', ...connectors] = call.arguments
  const summaryMs = summaryIntervalMs(call.options.summaryInterval)
  const { injector, logger, terminal } = context
  const isCheck = call.options.check === true
  const plan = await readFiles({ worker, connectors, env: process.env, injector, logger })
  const { standalone, mistakes, broken } = plan
  if (standalone !== undefined) context.logLevels(standalone.logLevels)
  const hasNone = plan.connectors.length === 0
  if (standalone === undefined || mistakes.length > 0 || (broken.length > 0 && (hasNone || isCheck))) {
    for (const { file, problems } of [...mistakes, ...broken]) terminal.problems(file, problems)
    await Promise.all(plan.connectors.map(({ prepared }) => prepared.close()))
    await standalone?.stop()
    return ExitCode.CONFIGURATION
  }
  const { listen = standalone.listen } = call.options
  if (!isCheck && !context.stopping.aborted) return run(standalone, plan, { summaryMs, listen: String(listen) }, context)
  for (const { prepared, initialState } of plan.connectors) {
    const { name, config, kind, maxTasks } = prepared.run
    if (isCheck) terminal.print(`${name}: ${kind} ${config['connector.class']}, tasks.max = ${maxTasks}, ${initialState}`)
    await prepared.close()
  }
  await standalone.stop()
  return ExitCode.STOPPED
}

async function run(
  standalone: Standalone,
  { connectors, broken }: StandalonePlan,
  { summaryMs, listen }: { readonly summaryMs: number; readonly listen: string },
  context: CommandContext,
): Promise<number> {
  const { stopping, stopNow, logger } = context
  const onStopNow = (): void => standalone.stopNow()
  stopNow.addEventListener('abort', onStopNow, { once: true })
  for (const { file, problems } of broken) {
    for (const { key, value, message } of problems)
      logger.error({ file, key, value }, `${file} is not run: ${key} = ${value}: ${message}`)
  }
  const observation = await context.observe({
    listen,
    metrics: [standalone.metrics()],
    health: () => standalone.worker.health(),
    status: () => standalone.report(context.program),
  })
  const reporting = await reportProgress(standalone, summaryMs, context)
  const starts = connectors.map(({ prepared, initialState }) => standalone.start(prepared, initialState))
  const ended = Promise.all(starts).then(() => allFailed(standalone))
  const ending = await Promise.race([onceAborted(stopping), ended])
  await standalone.stop()
  await observation.close()
  reporting.close()
  stopNow.removeEventListener('abort', onStopNow)
  return ending === 'asked' ? ExitCode.STOPPED : ExitCode.FAILED
}

/** Resolves when nothing runs any more, nor will by itself. */
function allFailed(standalone: Standalone): Promise<'failed'> {
  return new Promise(resolve => {
    const look = (): void => {
      if (hasFailed(standalone.status())) resolve('failed')
    }
    standalone.worker.status$.subscribe({ next: look, error: look })
  })
}

function hasFailed({ connectors }: WorkerStatus): boolean {
  return connectors.every(({ state, tasks, nextStartMs }) => {
    if (nextStartMs !== undefined) return false
    if (state === 'FAILED') return tasks.every(task => task.state === 'FAILED' || task.state === 'STOPPED')
    return tasks.length > 0 && tasks.every(task => task.state === 'FAILED')
  })
}

async function reportProgress(standalone: Standalone, everyMs: number, { terminal, logger }: CommandContext): Promise<Following> {
  const style: typeof terminal.style = (name, text) => terminal.style(name, text)
  const lines = (): string[] => progressLines(figuresOf(standalone.status()), { columns: terminal.columns, style })
  const log = (): void => {
    for (const figures of figuresOf(standalone.status()))
      logger.info({ connector: figures.name, state: figures.state }, summaryOf(figures))
  }
  if (terminal.isInteractive) return terminal.follow(lines)
  const report = (error: unknown): void => logger.error({ error }, 'The progress could not be shown')
  const subscription = periodically(async () => log(), { everyMs, report }).subscribe({ error: report })
  return {
    close() {
      subscription.unsubscribe()
      log()
    },
  }
}

function onceAborted(signal: AbortSignal): Promise<'asked'> {
  return new Promise(done => {
    if (signal.aborted) done('asked')
    else signal.addEventListener('abort', () => done('asked'), { once: true })
  })
}

function summaryIntervalMs(text: CommandCall['options'][string]): number {
  const seconds = typeof text === 'string' && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN
  if (seconds >= 1 && seconds <= 86_400) return seconds * 1000
  throw new ConfigError([
    { key: '--summary-interval', value: String(text), message: 'must be a number of seconds from 1 to 86400' },
  ])
}
