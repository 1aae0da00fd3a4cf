import type { LogLevel } from '../api/log-level.ts'
import { componentNamed, LOG_COMPONENTS, type LogComponent, levelNamed } from '../telemetry/index.ts'
import { didYouMean } from './nearest.ts'

export interface LogLevelList {
  readonly levels: ReadonlyMap<LogComponent, LogLevel>
  /** One for each that cannot be used. */
  readonly problems: readonly string[]
}

export const LEVEL_NAMES = 'trace, debug, info, warn, error or silent'

/** `isthmus.mirror.source=debug, isthmus.kafka=warn`; a level alone is that of `root`. Loggers of Java stand for what does the same here. */
export function parseLogLevels(text: string): LogLevelList {
  const levels = new Map<LogComponent, LogLevel>()
  const problems: string[] = []
  for (const item of text.split(',').map(part => part.trim())) {
    if (item === '') continue
    const equals = item.indexOf('=')
    const name = equals < 0 ? 'root' : item.slice(0, equals).trim()
    const component = componentNamed(name)
    const level = levelNamed(item.slice(equals + 1))
    if (component === undefined) problems.push(unknownComponent(name))
    if (level === undefined) problems.push(`${item.slice(equals + 1).trim() || 'nothing'} is no level: write ${LEVEL_NAMES}`)
    if (component !== undefined && level !== undefined) levels.set(component, level)
  }
  return { levels, problems }
}

function unknownComponent(name: string): string {
  const known = Object.keys(LOG_COMPONENTS)
  const guess = didYouMean(name, known)
  return `${name} is no component that logs${guess === '' ? `: there are ${known.join(', ')} and connector.<name>` : guess}`
}
