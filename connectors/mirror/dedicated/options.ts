import type { CommandCall } from '../../../framework/api/command.ts'
import { ConfigError, type ConfigProblem } from '../../../framework/api/index.ts'

export interface MirrorOptions {
  /** Targets; empty = all. */
  readonly clusters: readonly string[]
  readonly check: boolean
  /** Instead of what the file says. */
  readonly listen?: string
  /** 0 = wait for ever. */
  readonly startTimeoutMs: number
  readonly summaryIntervalMs: number
}

/** @throws ConfigError */
export function parseMirrorOptions(options: CommandCall['options']): MirrorOptions {
  const problems: ConfigProblem[] = []
  const seconds = (flag: string, value: unknown, min: number): number => {
    const text = typeof value === 'string' ? value.trim() : ''
    const number = Number(text)
    if (!/^\d+(\.\d+)?$/.test(text) || number < min || number > 86_400)
      problems.push({ key: flag, value: text, message: `must be a number of seconds from ${min} to 86400` })
    return number * 1000
  }
  const parsed = {
    clusters: Array.isArray(options.clusters)
      ? options.clusters.flatMap((text: string) => text.split(/[\s,]+/).filter(Boolean))
      : [],
    check: options.check === true,
    ...(typeof options.listen === 'string' && { listen: options.listen }),
    startTimeoutMs: seconds('--start-timeout', options.startTimeout, 0),
    summaryIntervalMs: seconds('--summary-interval', options.summaryInterval, 1),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return parsed
}
