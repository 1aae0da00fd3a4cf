import { availableParallelism } from 'node:os'
import { machineCpuSeconds, usageOf } from './process-usage.ts'

/**
 * Starts to watch what processes outside this benchmark take from it.
 * @returns ends the watch: percent of all cores since the start, undefined where that cannot be told
 */
export const watchOthers = (): (() => number | undefined) => {
  const before = read()
  return () => {
    const after = read()
    if (before === undefined || after === undefined) return undefined
    const others = after.machine - before.machine - (after.ours - before.ours)
    return Math.max(0, (100 * others) / (after.seconds - before.seconds) / availableParallelism())
  }
}

const read = (): { machine: number; ours: number; seconds: number } | undefined => {
  const machine = machineCpuSeconds()
  const ours = usageOf(process.pid)?.cpuSeconds
  return machine === undefined || ours === undefined ? undefined : { machine, ours, seconds: performance.now() / 1000 }
}
