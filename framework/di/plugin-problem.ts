import { ConfigError } from '../api/index.ts'
import type { PluginReference } from '../api/plugin.ts'

/** One problem with a class that a configuration names, and what caused it. */
export function pluginProblem({ key, value }: PluginReference, message: string, cause?: unknown): ConfigError {
  const error = new ConfigError([{ key, value, message }])
  if (cause !== undefined) error.cause = cause
  return error
}

/** `TypeError: …`; of a plain error its message alone. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.name === 'Error' ? cause.message : `${cause.name}: ${cause.message}`
}
