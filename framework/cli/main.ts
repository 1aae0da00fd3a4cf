import { CommanderError } from 'commander'
import { ExitCode } from '../api/command.ts'
import { buildProgram } from './program.ts'
import { StreamTerminal } from './terminal.ts'
import { limitYoungGeneration } from './young-generation.ts'

/** Runs the program and ends the process with its exit code. */
export async function runProgram(args: readonly string[]): Promise<void> {
  limitYoungGeneration()
  const terminal = new StreamTerminal()
  const onUnexpected = (error: unknown): void => {
    terminal.unexpected(error, args.includes('--verbose'))
    process.exit(ExitCode.UNEXPECTED)
  }
  process.on('uncaughtException', onUnexpected)
  process.on('unhandledRejection', onUnexpected)
  process.exit(await run(args, terminal))
}

async function run(args: readonly string[], terminal: StreamTerminal): Promise<number> {
  const { parser, exitCode } = await buildProgram(terminal)
  try {
    await parser.parseAsync(args, { from: 'user' })
    return exitCode()
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.STOPPED : ExitCode.CONFIGURATION
    throw error
  }
}
