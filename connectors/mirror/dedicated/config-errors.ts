import { ConfigError, type ConfigProblem } from '../../../framework/api/index.ts'

/** One error with every problem of several, each once, and the first cause, for those who look for it. */
export function joinErrors(errors: readonly ConfigError[]): ConfigError {
  const problems = new Map<string, ConfigProblem>()
  for (const problem of errors.flatMap(error => error.problems)) problems.set(`${problem.key}\n${problem.message}`, problem)
  const error = new ConfigError([...problems.values()])
  const cause = errors.find(each => each.cause !== undefined)?.cause
  if (cause !== undefined) error.cause = cause
  return error
}

/** The error where it is one of configuration; rethrows any other. */
export function asConfigError(error: unknown): ConfigError {
  if (error instanceof ConfigError) return error
  throw error
}
