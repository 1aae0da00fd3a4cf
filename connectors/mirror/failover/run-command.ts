import { dirname, resolve } from 'node:path'
import { type CommandCall, type CommandContext, ExitCode } from '../../../framework/api/command.ts'
import { type ConfigProblem, ConnectError } from '../../../framework/api/index.ts'
import { masked } from '../../../framework/config/secrets.ts'
import { ConnectionError, SecurityError } from '../../../framework/kafka/client-errors.ts'
import { inComponent } from '../../../framework/telemetry/index.ts'
import { unreachableProblems } from '../dedicated/unreachable-problems.ts'
import { ClusterUnusable, FlowClusters } from './open-clusters.ts'
import type { LookOptions } from './options.ts'
import { type FlowSettings, type PairSettings, readPairSettings } from './pair-settings.ts'

/** What a command works on. */
export interface Opened {
  readonly settings: PairSettings
  readonly clusters: FlowClusters
}

/** By which of the two flows between the clusters on the command line groups go. */
export type Direction = 'there' | 'back'

/**
 * Reads the file, opens the clusters of a flow, does the job, closes them. Resolves with the job's exit code, or CLUSTER when a cluster
 * that is needed cannot be used.
 * @throws ConfigError with all problems of the command line and the file
 */
export async function withFlow(
  call: CommandCall,
  context: CommandContext,
  { timeoutMs }: LookOptions,
  direction: Direction,
  job: (opened: Opened) => Promise<number>,
): Promise<number> {
  const [path = '', flow = ''] = call.arguments
  const { injector, stopping, terminal } = context
  const logger = inComponent(context.logger, 'isthmus.mirror.failover')
  const plugins = context.plugins([dirname(resolve(path)), process.cwd()])
  const pair = await readPairSettings(path, flow, { injector, plugins })
  const settings = direction === 'there' ? pair : { ...pair, there: pair.back, back: pair.there }
  const clusters = new FlowClusters(settings.there.flow, { timeoutMs, signal: stopping }, logger)
  try {
    return await job({ settings, clusters })
  } catch (error) {
    if (!(error instanceof ClusterUnusable)) throw error
    if (stopping.aborted) {
      terminal.problems('', [{ key: flow, message: 'stopped before it was done; run it again' }])
      return ExitCode.FAILED
    }
    terminal.problems(path, unusable(error, settings, timeoutMs))
    return ExitCode.CLUSTER
  } finally {
    clusters.close()
  }
}

/** What to mend in the file where the cluster could not be reached; what it answered, where it could. */
function unusable(
  { cause, alias, side, message }: ClusterUnusable,
  { there, raw }: PairSettings,
  withinMs: number,
): ConfigProblem[] {
  if (cause instanceof ConnectionError || cause instanceof SecurityError) {
    const { flow, names, injector } = there
    const unreachable = { flow: flow.name, side, error: cause }
    return unreachableProblems([unreachable], { flows: [{ flow, names, injector }], heartbeatFlows: [], raw }, withinMs)
  }
  const key = serversKey(there, side)
  const isDenied = cause instanceof ConnectError && cause.code.endsWith('_AUTHORIZATION_FAILED')
  const remedy = isDenied ? "; grant DESCRIBE and READ on it to the file's user" : ''
  return [{ key, value: masked(key, raw[key] ?? ''), message: `cluster ${alias}: ${message}${remedy}` }]
}

function serversKey({ names }: FlowSettings, side: 'source' | 'target'): string {
  return side === 'target' ? names.worker('bootstrap.servers') : names.client('source', 'admin')('bootstrap.servers')
}
