import { spawn } from 'node:child_process'

export interface ProgramResult {
  /** Null = ended by a signal. */
  readonly code: number | null
  /** Both streams, as they came. */
  readonly output: string
}

export interface ProgramOptions {
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly timeoutMs?: number
}

/** Runs a program to its end, at most `timeoutMs` (30 s). Rejects when it cannot be started. */
export function runProgram(
  program: string,
  args: readonly string[],
  { input = '', timeoutMs = 30_000, ...options }: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'pipe', timeout: timeoutMs, killSignal: 'SIGKILL' })
    let output = ''
    const keep = (bytes: Buffer): void => {
      output += bytes.toString('utf8')
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.stdin.once('error', reject)
    child.once('close', code => resolve({ code, output }))
    child.stdin.end(input)
  })
}
