import { ConfigError } from '../api/connect-error.ts'

/** One problem with a key of a transform's own. */
export function configProblem(key: string, value: string, message: string): ConfigError {
  return new ConfigError([{ key, value, message }])
}
