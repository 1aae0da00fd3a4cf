import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** A process id alone may be reused; together with the start time it names one process of this boot. */
export interface ProcessIdentity {
  readonly pid: number
  /** Opaque; clock ticks since boot on Linux, the start date elsewhere. */
  readonly started: string
}

const hasProc = existsSync('/proc/self/stat')

/** Undefined when no such process runs (a zombie counts as gone). */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = hasProc ? startFromProc(pid) : startFromPs(pid)
  return started === undefined ? undefined : { pid, started }
}

export function own(): ProcessIdentity {
  return identify(process.pid)!
}

export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.started === process.started
}

/** Sends the signal only if the process is still the one meant. */
export function signalIfAlive(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return
  try {
    process.kill(target.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** For processes that are not our children: there is no event to wait for. Resolves false at the deadline. */
export async function waitUntilGone(process: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (isAlive(process)) {
    if (Date.now() > deadline) return false
    await delay(20)
  }
  return true
}

/** proc(5): fields after the parenthesised command; state is the 3rd field, starttime the 22nd. */
function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
  } catch (error) {
    if ((error as { status?: number }).status === 1) return undefined
    throw error
  }
}
