import { HIDDEN, isSecretName, maskSecrets } from './secrets.ts'

const MAX_DEPTH = 5
/** Of one that holds many. */
const MAX_ERRORS = 10

/**
 * Fields as they are logged: secrets masked, errors with their chain of causes, stacks only where `verbose`. `err` is logged as `error`: under its
 * own name for it pino would write each cause twice.
 */
export function logFields(fields: { readonly err?: unknown }, verbose: boolean): Record<string, unknown> {
  const { err, ...rest } = fields
  return mapEntries(err === undefined ? rest : { ...rest, error: err }, verbose, 0)
}

function toLoggable(value: unknown, verbose: boolean, depth: number): unknown {
  if (typeof value === 'string') return maskSecrets(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '[deeper]'
  if (value instanceof Error) return errorFields(value, verbose, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map(item => toLoggable(item, verbose, depth + 1))
  return mapEntries(value, verbose, depth + 1)
}

function errorFields(error: Error, verbose: boolean, depth: number): Record<string, unknown> {
  const { name, message, stack } = error
  const own = mapEntries(
    { ...error, name: undefined, message: undefined, stack: undefined, cause: undefined },
    verbose,
    depth + 1,
  )
  const { cause } = error
  return {
    name,
    message: maskSecrets(message),
    ...own,
    ...(error instanceof AggregateError ? { errors: aggregated(error, verbose, depth) } : {}),
    ...(cause === undefined ? {} : { cause: toLoggable(cause, verbose, depth + 1) }),
    ...(verbose && stack !== undefined ? { stack: maskSecrets(stack) } : {}),
  }
}

/** Of an AggregateError: addresses of a host, say. */
function aggregated({ errors }: AggregateError, verbose: boolean, depth: number): unknown[] {
  const shown = errors.slice(0, MAX_ERRORS).map((error: unknown) => toLoggable(error, verbose, depth + 1))
  return errors.length > MAX_ERRORS ? [...shown, `[${errors.length - MAX_ERRORS} more]`] : shown
}

function mapEntries(fields: object, verbose: boolean, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) result[name] = isSecretName(name) ? HIDDEN : toLoggable(value, verbose, depth)
  }
  return result
}
