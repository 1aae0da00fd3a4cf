import { ConfigError, type Logger } from '../../../framework/api/index.ts'
import type { Injector } from '../../../framework/api/injection.ts'
import type { PluginLoader } from '../../../framework/api/plugin.ts'
import { readPropertiesFile } from '../../../framework/config/properties.ts'
import { policyAliases } from '../../../policies/index.ts'
import { silentLogger } from '../client/silent-logger.ts'
import { checkMirrorFile, type HeartbeatFlow, type MirrorFlow, type MirrorPlan } from '../config/index.ts'
import { NamesInFile } from '../config/names-in-file.ts'
import { checkClasses, composeFlow } from './compose-flow.ts'
import { asConfigError, joinErrors } from './config-errors.ts'
import { flowTransforms, type OpenTransforms } from './flow-transforms.ts'
import { refuseCycles } from './refuse-cycles.ts'

export interface PlannedFlow<F = MirrorFlow> {
  readonly flow: F
  /** Provides the flow's policy and filters, configured. */
  readonly injector: Injector
  /** Undefined = the flow has no transforms: records are copied as bytes. */
  readonly openTransforms?: OpenTransforms
  readonly names: NamesInFile
}

export interface MirrorFile {
  readonly plan: MirrorPlan
  readonly raw: Readonly<Record<string, string>>
  readonly flows: readonly PlannedFlow[]
  /** Their injectors provide the policy alone. */
  readonly heartbeatFlows: readonly PlannedFlow<HeartbeatFlow>[]
}

export interface ReadOptions {
  readonly clusters: readonly string[]
  readonly injector: Injector
  readonly plugins: PluginLoader
  /** Told of keys of transforms that have no effect. */
  readonly logger?: Logger
}

/**
 * Reads a mirror file and makes the policies and filters it names.
 * @throws ConfigError with all problems of the file at once
 */
export async function readMirrorFile(
  path: string,
  { clusters, injector, plugins, logger = silentLogger }: ReadOptions,
): Promise<MirrorFile> {
  const raw = readPropertiesFile(path)
  for (const [name, type] of policyAliases) plugins.register(name, type)
  const plan = tryTo(() => checkMirrorFile(raw, { clusters }))
  const cycles = await refuseCycles(raw, { injector, plugins })
  if (plan instanceof ConfigError) throw joinErrors([plan, ...(await checkClasses(raw, plugins)), ...cycles])
  const errors: ConfigError[] = [...cycles]
  const compose = async <F extends MirrorFlow | HeartbeatFlow>(flow: F): Promise<readonly PlannedFlow<F>[]> => {
    const names = new NamesInFile(raw, flow)
    try {
      const composed = await composeFlow(flow, injector, plugins, names)
      const transforms =
        'sourceConfig' in flow ? await flowTransforms(flow, { injector: composed, plugins, logger }, names) : undefined
      return [{ flow, injector: composed, names, ...(transforms && { openTransforms: transforms }) }]
    } catch (error) {
      errors.push(asConfigError(error))
      return []
    }
  }
  const flows = await Promise.all(plan.flows.map(compose))
  const heartbeatFlows = await Promise.all(plan.heartbeatFlows.map(compose))
  if (errors.length > 0) throw joinErrors(errors)
  return { plan, raw, flows: flows.flat(), heartbeatFlows: heartbeatFlows.flat() }
}

function tryTo<T>(job: () => T): T | ConfigError {
  try {
    return job()
  } catch (error) {
    return asConfigError(error)
  }
}
