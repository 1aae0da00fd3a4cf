import { componentNamed, connectLevel, type LogComponent, type LogLevels, levelNamed } from '../telemetry/index.ts'
import { type Answer, jsonAnswer, type Route, type RouteRequest } from './route.ts'

export interface LoggerRoutesOptions {
  readonly levels: LogLevels
  /** Logs what was changed, whatever the levels are. */
  readonly announce: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
}

/** Kafka Connect's `/admin/loggers`, with its texts and codes; loggers are the components here, and those of Java stand for them. */
export function loggerRoutes(options: LoggerRoutesOptions): readonly Route[] {
  const { levels } = options
  return [
    { method: 'GET', path: '/admin/loggers', handle: () => ownLevels(levels) },
    { method: 'GET', path: '/admin/loggers/', handle: () => ownLevels(levels) },
    { method: 'GET', path: '/admin/loggers/*', handle: ({ rest }) => levelOf(rest, levels) },
    { method: 'PUT', path: '/admin/loggers/*', handle: request => change(request, options) },
  ]
}

/** Those whose level was set, `root` always among them. */
function ownLevels(levels: LogLevels): Answer {
  const own = [...levels.own()].map(([component, { level, modifiedMs }]) => [component, shown(level, modifiedMs)] as const)
  return jsonAnswer(Object.fromEntries(own))
}

function levelOf(name: string, levels: LogLevels): Answer {
  const component = componentNamed(name)
  if (component === undefined || !levels.components.includes(component)) return unknown(name, levels)
  const { level, modifiedMs } = levels.level(component)
  return jsonAnswer(shown(level, modifiedMs))
}

/** Answers which loggers have the level now. */
function change({ rest: name, query, body }: RouteRequest, { levels, announce, warn }: LoggerRoutesOptions): Answer {
  const asked = typeof body === 'object' && body !== null && 'level' in body ? body.level : undefined
  if (asked === undefined || asked === null) return refused(400, "Desired 'level' parameter was not specified in request.")
  const level = levelNamed(String(asked))
  if (level === undefined) return refused(404, `invalid log level '${String(asked)}'.`)
  const component = componentNamed(name)
  if (component === undefined) return unknown(name, levels)
  const scope = query.get('scope') ?? 'worker'
  if (scope.toLowerCase() !== 'worker') warn({ scope }, `Levels are set in this process alone, not in the scope '${scope}'`)
  const before = levels.level(component).level
  const changed = levels.change(component, level)
  announce({ changed, before: connectLevel(before), after: connectLevel(level) }, said(name, component, connectLevel(level)))
  return jsonAnswer(changed)
}

function said(name: string, component: LogComponent, level: string): string {
  const alias = name.toLowerCase() === component ? '' : `, which ${name} stands for,`
  return `The level of ${component}${alias} is ${level} from now on`
}

function unknown(name: string, levels: LogLevels): Answer {
  return refused(404, `Logger ${name} not found. There are: ${levels.components.join(', ')}`)
}

function shown(level: Parameters<typeof connectLevel>[0], modifiedMs: number | null): object {
  return { level: connectLevel(level), last_modified: modifiedMs }
}

function refused(status: number, message: string): Answer {
  return jsonAnswer({ error_code: status, message }, status)
}
