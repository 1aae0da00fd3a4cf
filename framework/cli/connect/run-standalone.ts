import { type CommandCall, type CommandContext, ExitCode, type Following } from '../../api/command.ts'
import { ConfigError } from '../../api/index.ts'
import type { Connect } from '../../di/connect.ts'
import { periodically } from '../../flow/index.ts'
import type { ConnectorFile } from '../../herder/connector-file.ts'
import type { WorkerStatus } from '../../runtime/index.ts'
import { figuresOf, progressLines, summaryOf } from './progress.ts'
import { readFiles } from './read-files.ts'

/**
 * Runs the connectors of the files until a signal, or until all of them have failed for good. Resolves with the exit code.
 * @throws ConfigError for an option
 */
export async function runStandalone(call: CommandCall, context: CommandContext): Promise<number> {
  const [worker = '', ...connectors] = call.arguments
  const summaryMs = summaryIntervalMs(call.options.summaryInterval)
  const { injector, logger, terminal } = context
  const plan = await readFiles({ worker, connectors, injector, logger })
  if (!('connect' in plan)) {
    for (const { file, problems } of plan) terminal.problems(file, problems)
    return ExitCode.CONFIGURATION
  }
  if (call.options.check !== true) return run(plan.connect, plan.connectors, summaryMs, context)
  for (const { config, initialState } of plan.connectors) {
    terminal.print(`${config.name}: ${config['connector.class']}, at most ${config['tasks.max'] ?? 1} tasks, ${initialState}`)
  }
  await plan.connect.stop()
  return ExitCode.STOPPED
}

async function run(
  connect: Connect,
  connectors: readonly ConnectorFile[],
  summaryMs: number,
  context: CommandContext,
): Promise<number> {
  const { stopping, stopNow, logger } = context
  const onStopNow = (): void => connect.stopNow()
  stopNow.addEventListener('abort', onStopNow, { once: true })
  const reporting = await reportProgress(connect, summaryMs, context)
  const isUp = new Set<string>()
  const starts = connectors.map(async ({ config, initialState }) => {
    const name = config.name ?? ''
    try {
      await connect.start(config, null, initialState)
      isUp.add(name)
    } catch (error) {
      logger.error({ error, connector: name }, `Connector ${name} cannot be started: ${(error as Error).message}`)
    }
  })
  const ended = Promise.all(starts).then(() => (isUp.size === 0 ? 'failed' : allFailed(connect)))
  const ending = await Promise.race([onceAborted(stopping), ended])
  await connect.stop()
  reporting.close()
  stopNow.removeEventListener('abort', onStopNow)
  return ending === 'asked' ? ExitCode.STOPPED : ExitCode.FAILED
}

/** Resolves when nothing runs any more, nor will by itself. */
function allFailed(connect: Connect): Promise<'failed'> {
  return new Promise(resolve => {
    const look = (): void => {
      if (hasFailed(connect.status())) resolve('failed')
    }
    connect.status$.subscribe({ next: look, error: look })
  })
}

function hasFailed({ connectors }: WorkerStatus): boolean {
  return connectors.every(({ state, tasks }) => {
    if (state === 'FAILED') return tasks.every(task => task.state === 'FAILED' || task.state === 'STOPPED')
    return tasks.length > 0 && tasks.every(task => task.state === 'FAILED')
  })
}

async function reportProgress(connect: Connect, everyMs: number, { terminal, logger }: CommandContext): Promise<Following> {
  const style: typeof terminal.style = (name, text) => terminal.style(name, text)
  const lines = (): string[] => progressLines(figuresOf(connect.status()), { columns: terminal.columns, style })
  const log = (): void => {
    for (const figures of figuresOf(connect.status()))
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
