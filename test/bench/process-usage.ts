import { existsSync, readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  /** Of the process, its living descendants, and those of them that ended. */
  readonly cpuSeconds: number
  /** Sum of the living processes' VmHWM, in bytes. */
  readonly peakRssBytes: number
}

/** /proc counts time in hundredths of a second on every architecture (USER_HZ). */
const TICKS_PER_SECOND = 100
const hasProc = existsSync('/proc/self/stat')

/** Undefined where there is no /proc, or no such process. */
export const usageOf = (pid: number): Usage | undefined => {
  if (!hasProc) return undefined
  let ticks = 0
  let peakRssBytes = 0
  try {
    for (const member of tree(pid)) {
      ticks += cpuTicks(member)
      peakRssBytes += peakRss(member)
    }
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, peakRssBytes }
}

/**
 * CPU seconds of the whole machine since it started, time taken by other guests of its host included. Interrupts count too:
 * most of them are handled, and accounted for, in the process whose packets they carry.
 */
export const machineCpuSeconds = (): number | undefined => {
  if (!hasProc) return undefined
  const fields = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? []
  const ticks = BUSY_FIELDS.reduce((sum, field) => sum + (fields[field] ?? 0), 0)
  return ticks / TICKS_PER_SECOND
}

/** proc(5): user, nice, system, [idle, iowait,] irq, softirq, steal. */
const BUSY_FIELDS = [0, 1, 2, 5, 6, 7]

const tree = (pid: number): number[] => [pid, ...children(pid).flatMap(tree)]

const children = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap(thread => {
    try {
      return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
  })

/** proc(5): utime, stime, cutime and cstime are the fields 14 to 17, counted from after the parenthesised command as 3. */
const cpuTicks = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
}

const peakRss = (pid: number): number =>
  1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)

const isGone = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')
