import { configProblem } from './config-problem.ts'

/**
 * The steps of a path: `a.b` = b within a; a name with dots stands in backticks, `` `a.b`.c ``; a backtick that ends a step inside of those is
 * written after a backslash. The syntax of Kafka's version V2.
 */
export function parseFieldPath(key: string, path: string): readonly string[] {
  const steps: string[] = []
  let rest: string | undefined = path
  while (rest !== undefined) {
    const [step, next]: readonly [string, string | undefined] = rest.startsWith('`')
      ? quotedStep(key, path, rest)
      : plainStep(rest)
    steps.push(step)
    rest = next
  }
  return steps
}

function plainStep(rest: string): readonly [string, string | undefined] {
  const dot = rest.indexOf('.')
  return dot < 0 ? [rest, undefined] : [rest.slice(0, dot), rest.slice(dot + 1)]
}

/** Ends at a backtick before a dot or the end; others belong to the name. */
function quotedStep(key: string, path: string, rest: string): readonly [string, string | undefined] {
  const match = /^`((?:[^`]|`(?!\.|$)|(?<=\\)`(?=\.))*?)(?<!\\)`(?:\.(.*))?$/s.exec(rest)
  if (match === null)
    throw configProblem(key, path, 'has a backtick without its second one; close it, or write \\` for the character')
  return [(match[1] ?? '').replaceAll('\\`.', '`.'), match[2]]
}
