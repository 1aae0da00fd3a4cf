interface LoggedError {
  readonly message?: string
  readonly stack?: string
  /** Of an AggregateError. */
  readonly errors?: readonly unknown[]
  readonly cause?: unknown
}

interface Line {
  readonly level: string
  readonly time: string
  readonly msg?: string
  readonly component?: string
  readonly trace_id?: string
  readonly error?: LoggedError
  readonly [field: string]: unknown
}

/** Of a trace id: enough to find it. */
const SHORT = 8

/**
 * A JSON log line as one line of text: time, level, message, causes of an error, other fields; with `verbose` also the component, the beginning of
 * the trace id, and the stack below.
 */
export function prettyLine(json: string, verbose: boolean): string {
  const { level, time, msg = '', error, component, trace_id, span_id: _, trace_flags: __, ...others } = JSON.parse(json) as Line
  const fields = verbose ? { ...others, component, ...(trace_id && { trace: trace_id.slice(0, SHORT) }) } : others
  const causes = causeMessages(error).filter(message => !msg.includes(message))
  const because = causes.map(message => ` (caused by: ${message})`).join('')
  const rest = Object.entries(fields)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('')
  const stack = verbose && error?.stack !== undefined ? `\n${error.stack}` : ''
  return `${time.slice(11, 23)} ${level.toUpperCase().padEnd(5)} ${msg}${because}${rest}${stack}\n`
}

function causeMessages(cause: unknown): string[] {
  if (typeof cause === 'string') return [cause]
  if (typeof cause !== 'object' || cause === null) return []
  const { message, errors = [], cause: deeper } = cause as LoggedError
  return [...(message ? [message] : []), ...errors.flatMap(causeMessages), ...causeMessages(deeper)]
}
