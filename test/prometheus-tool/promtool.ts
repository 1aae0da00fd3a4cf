import { prometheusPrograms } from './programs.ts'
import { type ProgramOptions, type ProgramResult, runProgram } from './run-program.ts'

/** Runs promtool to its end. */
export async function promtool(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const programs = await prometheusPrograms()
  return runProgram(programs.promtool, args, options)
}
