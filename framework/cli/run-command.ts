import { type Command, type CommandCall, type CommandContext, ExitCode } from '../api/command.ts'
import { ConfigError, LOGGER, type LogLevel } from '../api/index.ts'
import { parseLogLevels } from '../config/log-levels.ts'
import { createInjector, PluginRegistry } from '../di/index.ts'
import { createLogger, inComponent, isLogComponent, type LogComponent, LogLevels } from '../telemetry/index.ts'
import { observe } from './observe.ts'
import { StopSignals } from './signals.ts'
import { startTelemetry } from './telemetry/start-telemetry.ts'
import type { StreamTerminal } from './terminal.ts'

export interface RunOptions {
  readonly command: Command
  readonly call: CommandCall
  readonly terminal: StreamTerminal
  /** `isthmus/0.1.0`. */
  readonly program: string
}

/** Runs a command with all that it needs around it; resolves with the exit code. */
export async function runCommand({ command, call, terminal, program }: RunOptions): Promise<number> {
  const verbose = call.options.verbose === true
  const destination = terminal.logDestination
  const levels = new LogLevels(command.logLevel)
  const { levels: asked } = parseLogLevels(String(call.options.logLevel ?? ''))
  levels.begin(asked)
  const output = { verbose, ...(destination && { destination }) }
  const logs = createLogger({ ...output, levels })
  const logger = inComponent(logs, 'isthmus.cli')
  const telemetry = await startTelemetry({ logger: inComponent(logs, 'isthmus.telemetry'), program })
  const signals = new StopSignals({
    onFirst: signal => logger.info({ signal }, `${signal}: finishing what is under way; a second signal stops at once`),
    exit: code => process.exit(code),
  })
  const injector = createInjector()
  injector.provide(LOGGER, () => logs)
  const registry = new PluginRegistry()
  const context: CommandContext = {
    logger,
    injector,
    terminal,
    program,
    plugins: folders => registry.loader(folders),
    observe: observed =>
      observe(observed, {
        logger: inComponent(logs, 'isthmus.rest'),
        telemetry,
        levels,
        announce: (fields, message) => inComponent(createLogger(output), 'isthmus.rest').info(fields, message),
      }),
    logLevels: ofFile => levels.begin([...ofFile].filter(isComponentLevel).filter(([component]) => !asked.has(component))),
    stopping: signals.stopping,
    stopNow: signals.stopNow,
  }
  try {
    const code = await command.run(call, context)
    return signals.exitCode ?? code
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    terminal.problems(call.arguments[0] ?? '', error.problems)
    if (verbose) terminal.stack(error)
    return ExitCode.CONFIGURATION
  } finally {
    await telemetry.close()
    signals.close()
  }
}

function isComponentLevel(pair: readonly [string, LogLevel]): pair is readonly [LogComponent, LogLevel] {
  return isLogComponent(pair[0])
}
