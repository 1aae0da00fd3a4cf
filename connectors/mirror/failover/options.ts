import type { CommandCall, CommandOption } from '../../../framework/api/command.ts'
import { ConfigError, type ConfigProblem } from '../../../framework/api/index.ts'

export interface LookOptions {
  /** Empty = those that the file chooses. */
  readonly groups: readonly string[]
  readonly json: boolean
  /** For each cluster to answer. */
  readonly timeoutMs: number
}

export interface MoveOptions extends LookOptions {
  readonly mode: 'plan' | 'apply'
  readonly force: boolean
  /** Groups stay where they are. */
  readonly startOnly: boolean
}

const MAX_SECONDS = 86_400

export const lookOptions: readonly CommandOption[] = [
  {
    flags: '--group <name...>',
    doc: 'only these consumer groups (default: all that groups and groups.exclude of the file choose)',
  },
  { flags: '--json', doc: 'one JSON document instead of a table' },
  { flags: '--timeout <seconds>', doc: 'how long each cluster may take to answer', default: '15' },
]

export const moveOptions: readonly CommandOption[] = [
  { flags: '--plan', doc: 'show what would be set and what speaks against it; change nothing' },
  { flags: '--apply', doc: 'do it, unless something speaks against it' },
  { flags: '--force', doc: 'do it even so, where that is possible at all' },
  ...lookOptions,
]

export const failbackOptions: readonly CommandOption[] = [
  ...moveOptions,
  { flags: '--start-only', doc: 'move no group: only set where the flow back starts, for topics that keep their names' },
]

/** @throws ConfigError */
export function parseLookOptions(options: CommandCall['options']): LookOptions {
  const problems: ConfigProblem[] = []
  const parsed = readLook(options, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return parsed
}

/** @throws ConfigError */
export function parseMoveOptions(options: CommandCall['options']): MoveOptions {
  const problems: ConfigProblem[] = []
  const parsed = readLook(options, problems)
  if (options.plan === options.apply) {
    const message =
      options.plan === true
        ? 'give one of --plan and --apply, not both'
        : 'give --plan to see what would be done, or --apply to do it'
    problems.push({ key: '--plan', message })
  }
  if (options.startOnly === true && parsed.groups.length > 0)
    problems.push({ key: '--start-only', message: 'moves no group; leave out --group' })
  if (problems.length > 0) throw new ConfigError(problems)
  return {
    ...parsed,
    mode: options.apply === true ? 'apply' : 'plan',
    force: options.force === true,
    startOnly: options.startOnly === true,
  }
}

function readLook(options: CommandCall['options'], problems: ConfigProblem[]): LookOptions {
  const text = typeof options.timeout === 'string' ? options.timeout.trim() : ''
  const seconds = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || seconds < 1 || seconds > MAX_SECONDS)
    problems.push({ key: '--timeout', value: text, message: `must be a number of seconds from 1 to ${MAX_SECONDS}` })
  const groups = Array.isArray(options.group) ? [...new Set(options.group as readonly string[])] : []
  return { groups, json: options.json === true, timeoutMs: seconds * 1000 }
}
