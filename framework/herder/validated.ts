import { ConfigError, type ConfigFindings, type ConfigProblem } from '../api/index.ts'
import type { ConnectorClass } from './connector-class.ts'
import { withinLimit } from './within-limit.ts'

const LIMIT_MS = 10_000

/** What a connector says of its configuration itself; code of it that fails is the one problem then. */
export async function validated(
  { sample }: ConnectorClass,
  config: Readonly<Record<string, string>>,
  limitMs = LIMIT_MS,
): Promise<ConfigFindings> {
  if (sample.validate === undefined) return { problems: [], warnings: [] }
  const late = (): Error => new Error(`has not returned within ${limitMs / 1000} s`)
  try {
    const { problems, warnings } = await withinLimit(sample.validate(config), limitMs, late)
    return { problems: [...problems], warnings: [...warnings] }
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] }
    const value = config['connector.class']
    const message = `validate() of ${sample.constructor.name} failed: ${error instanceof Error ? error.message : String(error)}`
    const problem: ConfigProblem = { key: 'connector.class', message, fault: 'plugin', ...(value !== undefined && { value }) }
    return { problems: [problem], warnings: [] }
  }
}
