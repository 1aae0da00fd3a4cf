import { ConfigError } from '../api/index.ts'
import type { PluginReference } from '../api/plugin.ts'

/** The code that a configuration names is at fault, and what caused it. */
export function pluginFault({ key, value }: PluginReference, message: string, cause?: unknown): ConfigError {
  const error = new ConfigError([{ key, value, message, fault: 'plugin' }])
  if (cause !== undefined) error.cause = cause
  return error
}

/** A configuration names a class wrongly, or one that is not there. */
export function pluginProblem({ key, value }: PluginReference, message: string): ConfigError {
  return new ConfigError([{ key, value, message }])
}

/** `TypeError: …`; of a plain error its message alone. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.name === 'Error' ? cause.message : `${cause.name}: ${cause.message}`
}
