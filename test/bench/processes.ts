import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'

export interface StartedProcess {
  readonly pid: number
  /** Exit code, or 128 + signal number as a shell says it. */
  readonly exited: Promise<number>
  /** Throws, with its exit code, once it has ended. */
  check(): void
  /** The end of what it has written so far. */
  output(): string
  /** SIGTERM, and SIGKILL when it is still there after `graceMs`. Resolves with `exited`. */
  stop(graceMs: number): Promise<number>
}

const OUTPUT_CHARACTERS = 64_000
const running = new Set<ChildProcess>()

/** Starts a program that does not outlive this process. Rejects when it cannot be started. */
export const startProcess = async (
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<StartedProcess> => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  return adopt(child)
}

/** Takes charge of a process that has started. */
export const adopt = (child: ChildProcess): StartedProcess => {
  if (running.size === 0) process.once('exit', killAll)
  running.add(child)
  let output = ''
  const keep = (bytes: Buffer): void => {
    output = (output + bytes.toString('utf8')).slice(-OUTPUT_CHARACTERS)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  let ended: number | undefined
  const exited = new Promise<number>(resolve => {
    child.once('close', (code, signal) => {
      running.delete(child)
      if (running.size === 0) process.removeListener('exit', killAll)
      ended = code ?? 128 + constants.signals[signal as NodeJS.Signals]
      resolve(ended)
    })
  })
  const check = (): void => {
    if (ended !== undefined) throw new Error(`the process ended by itself, with exit code ${ended}`)
  }
  const stop = async (graceMs: number): Promise<number> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    const code = await exited
    clearTimeout(timer)
    return code
  }
  return { pid: child.pid as number, exited, check, output: () => output, stop }
}

/** Runs a program to its end and resolves with its output. Rejects with the end of it when the exit code is not 0, or after `timeoutMs`. */
export const runProcess = async (
  command: string,
  args: readonly string[],
  { timeoutMs, ...options }: { readonly timeoutMs: number; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> => {
  const started = await startProcess(command, args, options)
  let late = false
  const timer = setTimeout(() => {
    late = true
    void started.stop(0)
  }, timeoutMs)
  const code = await started.exited
  clearTimeout(timer)
  if (late) throw new Error(`${command} did not end within ${timeoutMs / 1000} s: ${started.output().slice(-2000)}`)
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}: ${started.output().slice(-2000)}`)
  return started.output()
}

const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL')
}
