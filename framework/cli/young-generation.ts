import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Of the two halves between which V8 copies what is young; 32 MiB by default, which batches on their way fill without being any faster for it. */
const LIMIT_BYTES = 8 * 1024 * 1024
const FLAG = 'semi-space'

/**
 * Keeps V8's young generation small: it lets it grow up to the limit, again after V8 has shrunk it, and no further. Records take more memory in it
 * than anything else. Does nothing where the process was started with a size of its own.
 */
export function limitYoungGeneration(): void {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? '']
  if (given.some(option => option.replaceAll('_', '-').includes(FLAG))) return
  let factor = GROWING
  const steer = (): void => {
    const wanted = sizeOf() < LIMIT_BYTES ? GROWING : STANDING
    if (wanted !== factor) setFlagsFromString(`--${FLAG}-growth-factor=${wanted}`)
    factor = wanted
  }
  new PerformanceObserver(steer).observe({ entryTypes: ['gc'] })
}

/** V8's default. */
const GROWING = 2
const STANDING = 1

function sizeOf(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0
}
