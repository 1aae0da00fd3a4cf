import { configProblem } from './config-problem.ts'
import { DatePatternError, SimpleDateFormat } from './simple-date-format.ts'

/** The pattern that a key holds. @throws ConfigError */
export function dateFormat(key: string, pattern: string): SimpleDateFormat {
  try {
    return new SimpleDateFormat(pattern)
  } catch (cause) {
    if (!(cause instanceof DatePatternError)) throw cause
    throw configProblem(key, pattern, cause.message)
  }
}
