import { styleText } from 'node:util'
import { KafkaToolError } from '../../test/kafka-tool/index.ts'
import { SignalError, signalled } from './signals.ts'
import { Stage } from './stage.ts'

export interface ProgramOptions {
  /** As in `The <name> failed`. */
  readonly name: string
  /** Exit code when interrupted; by default 128 and the number of the signal. */
  readonly interruptedCode?: number
}

/** Plays it on a stage of its own, ends all that is on it whatever happens, and ends the process with the code that `play` resolves with. */
export async function runProgram(options: ProgramOptions, play: (stage: Stage) => Promise<number>): Promise<never> {
  const stage = new Stage()
  const code = await Promise.race([play(stage), stage.failed, signalled()]).catch((error: unknown) => failure(error, options))
  await stage.close()
  process.exit(code)
}

function failure(error: unknown, { name, interruptedCode }: ProgramOptions): number {
  if (error instanceof SignalError) return interruptedCode ?? error.exitCode
  const isExpected = error instanceof KafkaToolError
  console.error(styleText('red', `The ${name} failed: ${isExpected ? error.message : ((error as Error).stack ?? String(error))}`))
  return 1
}

/** What comes now. */
export function say(text: string): void {
  console.log(styleText('bold', `\n${text}`))
}

/** How it ended: exit code 0 when all was kept, 1 when not. */
export function conclude(isKept: boolean, kept: string, broken: string): number {
  const seconds = (performance.now() / 1000).toFixed(0)
  if (isKept) console.log(styleText('green', `\n${kept} ${seconds} s in all.`))
  else console.log(styleText('red', `\n${broken}`))
  return isKept ? 0 : 1
}
