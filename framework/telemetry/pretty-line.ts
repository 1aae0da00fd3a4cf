interface Line {
  readonly level: string
  readonly time: string
  readonly msg?: string
  readonly error?: { readonly stack?: string; readonly cause?: unknown }
  readonly [field: string]: unknown
}

/** A JSON log line as one line of text: time, level, message, causes of an error, other fields; with `verbose` the stack below. */
export function prettyLine(json: string, verbose: boolean): string {
  const { level, time, msg = '', error, ...fields } = JSON.parse(json) as Line
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
  const { message, cause: deeper } = cause as { readonly message?: string; readonly cause?: unknown }
  return [...(message === undefined ? [] : [message]), ...causeMessages(deeper)]
}
