import { componentNamed, connectLevel, type LogComponent, type LogLevels, levelNamed } from '../telemetry/index.ts'

export interface LoggerRequest {
  readonly method: 'GET' | 'PUT'
  /** What follows `/admin/loggers/`; empty = all. */
  readonly name: string
  readonly query: URLSearchParams
  /** Of a PUT: JSON, not checked in any way. */
  readonly body: unknown
}

export interface LoggerAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

export interface LoggerRoutesOptions {
  readonly levels: LogLevels
  /** Says what was changed, whatever the levels are. */
  readonly announce: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
}

/** Kafka Connect's `/admin/loggers`, with its texts and codes; loggers are the components here, and those of Java stand for them. */
export function answerLoggers(request: LoggerRequest, options: LoggerRoutesOptions): LoggerAnswer {
  const { method, name } = request
  if (name === '') return method === 'GET' ? allOf(options.levels) : failed(405, 'Name the logger: PUT /admin/loggers/<name>')
  const component = componentNamed(name)
  if (component === undefined) return unknown(name, options.levels)
  return method === 'GET' ? levelOf(name, component, options.levels) : change(component, request, options)
}

/** Those whose level was set, `root` always among them. */
function allOf(levels: LogLevels): LoggerAnswer {
  const own = [...levels.own()].map(([component, { level, modifiedMs }]) => [component, shown(level, modifiedMs)] as const)
  return json(200, Object.fromEntries(own))
}

function levelOf(name: string, component: LogComponent, levels: LogLevels): LoggerAnswer {
  if (!levels.components.includes(component)) return unknown(name, levels)
  const { level, modifiedMs } = levels.level(component)
  return json(200, shown(level, modifiedMs))
}

function change(component: LogComponent, { query, body, name }: LoggerRequest, options: LoggerRoutesOptions): LoggerAnswer {
  const asked = typeof body === 'object' && body !== null && 'level' in body ? body.level : undefined
  if (asked === undefined || asked === null) return failed(400, "Desired 'level' parameter was not specified in request.")
  const level = levelNamed(String(asked))
  if (level === undefined) return failed(404, `invalid log level '${String(asked)}'.`)
  const { levels, announce, warn } = options
  const scope = query.get('scope')?.toLowerCase() ?? 'worker'
  if (scope !== 'worker') warn({ scope }, `Levels are set in this process alone, not in the scope '${scope}'`)
  const before = levels.level(component).level
  const changed = levels.change(component, level)
  const alias = name === component || name.toLowerCase() === component ? '' : ` (asked for as ${name})`
  announce(
    { changed: component, level, before },
    `${component} logs from ${connectLevel(level)} on${alias}; it was ${connectLevel(before)}`,
  )
  return json(200, changed)
}

function unknown(name: string, levels: LogLevels): LoggerAnswer {
  return failed(404, `Logger ${name} not found. There are: ${levels.components.join(', ')}`)
}

function shown(level: Parameters<typeof connectLevel>[0], modifiedMs: number | null): object {
  return { level: connectLevel(level), last_modified: modifiedMs }
}

function failed(status: number, message: string): LoggerAnswer {
  return json(status, { error_code: status, message })
}

function json(status: number, value: unknown): LoggerAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` }
}
