import { ConfigError } from '../../../framework/api/index.ts'
import { didYouMean } from '../../../framework/config/nearest.ts'
import type { ClusterPair } from '../config/index.ts'

const KEY = 'flow'

/**
 * The two clusters of `A->B`, or of `A:B`, which needs no quotes in a shell.
 * @param clusters that the file names
 * @throws ConfigError
 */
export function parseFlowArgument(text: string, clusters: readonly string[]): ClusterPair {
  if (!/->|:/.test(text) && text.endsWith('-')) {
    throw problem(
      text,
      "the shell took > for a redirection and the name after it for a file: quote the flow, 'A->B', or write A:B",
    )
  }
  const [source = '', target = '', ...more] = text.split(/->|:/).map(alias => alias.trim())
  if (source === '' || target === '' || more.length > 0) {
    throw problem(text, `must be a flow between two clusters of the file, such as '${exampleOf(clusters)}'`)
  }
  for (const alias of [source, target]) {
    if (clusters.includes(alias)) continue
    const guess = didYouMean(alias, clusters) || '; correct it'
    throw problem(text, `the file names no cluster ${alias} (clusters = ${clusters.join(', ')})${guess}`)
  }
  if (source === target) throw problem(text, `a cluster is not copied to itself; write '${exampleOf(clusters)}', for example`)
  return { source, target }
}

const exampleOf = ([source = 'A', target = 'B']: readonly string[]): string => `${source}->${target}`

const problem = (value: string, message: string): ConfigError => new ConfigError([{ key: KEY, value, message }])
