import { ConfigError, type ConfigProblem } from '../../../framework/api/index.ts'
import type { Injector } from '../../../framework/api/injection.ts'
import type { PluginLoader } from '../../../framework/api/plugin.ts'
import { readPropertiesFile } from '../../../framework/config/properties.ts'
import { policyAliases } from '../../../policies/index.ts'
import { checkMirrorFile, type MirrorFlow, type MirrorPlan } from '../config/index.ts'
import { NamesInFile } from '../config/names-in-file.ts'
import { checkClasses, composeFlow } from './compose-flow.ts'

export interface PlannedFlow {
  readonly flow: MirrorFlow
  /** Provides the flow's policy and filters, configured. */
  readonly injector: Injector
  readonly names: NamesInFile
}

export interface MirrorFile {
  readonly plan: MirrorPlan
  readonly raw: Readonly<Record<string, string>>
  readonly flows: readonly PlannedFlow[]
}

export interface ReadOptions {
  readonly clusters: readonly string[]
  readonly injector: Injector
  readonly plugins: PluginLoader
}

/**
 * Reads a mirror file and makes the policies and filters it names.
 * @throws ConfigError with all problems of the file at once
 */
export async function readMirrorFile(path: string, { clusters, injector, plugins }: ReadOptions): Promise<MirrorFile> {
  const raw = readPropertiesFile(path)
  for (const [name, type] of policyAliases) plugins.register(name, type)
  const plan = tryTo(() => checkMirrorFile(raw, { clusters }))
  if (plan instanceof ConfigError) throw joined([plan, ...(await checkClasses(raw, plugins))])
  const composed = await Promise.all(
    plan.flows.map(async flow => {
      const names = new NamesInFile(raw, flow)
      return composeFlow(flow, injector, plugins, names).then(
        own => ({ flow, injector: own, names }),
        (error: unknown) => asConfigError(error),
      )
    }),
  )
  const errors = composed.filter(result => result instanceof ConfigError)
  if (errors.length > 0) throw joined(errors)
  return { plan, raw, flows: composed.filter((result): result is PlannedFlow => !(result instanceof ConfigError)) }
}

function tryTo<T>(job: () => T): T | ConfigError {
  try {
    return job()
  } catch (error) {
    return asConfigError(error)
  }
}

function asConfigError(error: unknown): ConfigError {
  if (error instanceof ConfigError) return error
  throw error
}

/** Each problem once; the causes are kept for those who look. */
function joined(errors: readonly ConfigError[]): ConfigError {
  const problems = new Map<string, ConfigProblem>()
  for (const problem of errors.flatMap(error => error.problems)) problems.set(`${problem.key}\n${problem.message}`, problem)
  const error = new ConfigError([...problems.values()])
  const cause = errors.find(each => each.cause !== undefined)?.cause
  if (cause !== undefined) error.cause = cause
  return error
}
