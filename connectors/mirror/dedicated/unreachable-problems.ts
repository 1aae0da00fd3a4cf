import type { ConfigProblem } from '../../../framework/api/index.ts'
import { masked } from '../../../framework/config/secrets.ts'
import { SecurityError } from '../../../framework/kafka/client-errors.ts'
import type { UnreachableCluster } from './mirror-maker.ts'
import type { MirrorFile } from './read-mirror-file.ts'

/** What to mend in the file so that its clusters can be reached, each cluster once. */
export function unreachableProblems(
  unreachable: readonly UnreachableCluster[],
  { flows, heartbeatFlows, raw }: Pick<MirrorFile, 'flows' | 'heartbeatFlows' | 'raw'>,
  withinMs: number,
): ConfigProblem[] {
  const problems = new Map<string, ConfigProblem>()
  for (const { flow: name, side, error } of unreachable) {
    const planned = [...flows, ...heartbeatFlows].find(({ flow }) => flow.name === name)
    if (planned === undefined) continue
    const alias = planned.flow[side]
    const nameInFile = side === 'target' ? (key: string) => planned.names.worker(key) : planned.names.client('source', 'admin')
    const at = (key: string, preset: string): { readonly key: string; readonly value: string } => {
      const written = nameInFile(key)
      return { key: written, value: masked(written, raw[written] ?? preset) }
    }
    const protocol = at('security.protocol', 'PLAINTEXT')
    if (error instanceof SecurityError) {
      const message = `cluster ${alias} cannot be used so: ${error.message}`
      problems.set(alias, isSasl(error) ? { ...at('sasl.mechanism', 'GSSAPI'), message } : { ...protocol, message })
    } else {
      const message = `no broker of cluster ${alias} could be used within ${withinMs / 1000} s (${protocol.key} = ${protocol.value}): ${error.message}`
      problems.set(alias, { ...at('bootstrap.servers', ''), message })
    }
  }
  return [...problems.values()]
}

/** The broker answered; what it did not like are the credentials. */
function isSasl(error: SecurityError): boolean {
  return error.cause instanceof Error && error.cause.name.includes('SASL')
}
