import type { CommandCall } from '../../api/command.ts'
import { ConfigError, type ConfigProblem } from '../../api/index.ts'
import type { Shown } from './report-lines.ts'

const DEFAULT_WATCH_S = 2

export interface StatusOptions {
  /** Undefined = none was given. */
  readonly argument: string | undefined
  /** Undefined = once. */
  readonly watchMs: number | undefined
  readonly json: boolean
  /** The exit code is to say how it is. */
  readonly check: boolean
  readonly shown: Shown
}

/** @throws ConfigError with all that is wrong on the command line */
export function parseStatusOptions({ arguments: [given], options }: CommandCall): StatusOptions {
  const problems: ConfigProblem[] = []
  const count = (key: string, value: CommandCall['options'][string]): number => {
    if (typeof value === 'string' && /^\d{1,6}$/.test(value.trim())) return Number(value)
    problems.push({ key, value: String(value), message: 'must be a whole number from 0 to 999999' })
    return 0
  }
  const shown = {
    partitions: count('--partitions', options.partitions),
    events: count('--events', options.events),
    all: options.all === true,
  }
  const { argument, watch } = untangle(given, options.watch)
  const watchMs = watch === undefined ? undefined : Number(watch) * 1000
  if (watchMs !== undefined && !(watchMs >= 100 && watchMs <= 3_600_000))
    problems.push({ key: '--watch', value: String(watch), message: 'must be a number of seconds from 0.1 to 3600' })
  if (options.check === true && watch !== undefined)
    problems.push({ key: '--check', message: 'looks once, --watch does not end by itself: leave one of them out' })
  if (problems.length > 0) throw new ConfigError(problems)
  return { argument, watchMs, json: options.json === true, check: options.check === true, shown }
}

interface Untangled {
  readonly argument: string | undefined
  readonly watch: string | number | undefined
}

/** `--watch 127.0.0.1:8083`: what follows is taken for the seconds, but is what is to be watched. */
function untangle(argument: string | undefined, watch: CommandCall['options'][string]): Untangled {
  if (watch === undefined || watch === false) return { argument, watch: undefined }
  if (typeof watch !== 'string') return { argument, watch: DEFAULT_WATCH_S }
  const isNumber = /^-?\d+(\.\d+)?$/.test(watch.trim())
  return isNumber || argument !== undefined ? { argument, watch } : { argument: watch, watch: DEFAULT_WATCH_S }
}
