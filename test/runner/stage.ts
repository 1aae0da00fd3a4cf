import { spawn } from 'node:child_process'

export interface Stage {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Then it is killed with all that it has started, and has failed. */
  readonly limitMs: number
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Between being asked to end and being killed. */
const GRACE_MS = 2_000

/**
 * Runs a stage as a process group of its own, so that nothing of it is left, however it ends. A signal to this process ends the group, then this
 * process. Brokers are no part of the group: they end when who started them does. Resolves with the exit code; not 0 when time was up.
 */
export function runStage({ name, command, args, limitMs }: Stage, cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let isLate = false
    let asked: NodeJS.Signals | undefined
    let killing: NodeJS.Timeout | undefined
    const end = (signal: NodeJS.Signals): void => {
      signalGroup(child.pid, signal)
      killing ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS)
    }
    const onSignal = (signal: NodeJS.Signals): void => {
      asked = signal
      end(signal)
    }
    // Before the group is there: a signal must not find us without, or the group would be left.
    for (const signal of SIGNALS) process.on(signal, onSignal)
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
    const timer = setTimeout(() => {
      isLate = true
      console.error(`# ${name}: not over within ${limitMs / 1000} s, so it is killed`)
      end('SIGTERM')
    }, limitMs)
    const over = (): void => {
      clearTimeout(timer)
      clearTimeout(killing)
      for (const signal of SIGNALS) process.off(signal, onSignal)
      signalGroup(child.pid, 'SIGKILL')
      if (asked !== undefined) process.kill(process.pid, asked)
    }
    child.once('error', error => {
      over()
      reject(error)
    })
    child.once('exit', code => {
      over()
      resolve(isLate ? 1 : (code ?? 1))
    })
  })
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
