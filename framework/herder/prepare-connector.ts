import { ConfigError, type ConfigProblem, HOST, LOGGER, type Logger } from '../api/index.ts'
import type { Injector } from '../api/injection.ts'
import type { PluginLoader } from '../api/plugin.ts'
import { Findings } from '../config/findings.ts'
import type { PluginServices } from '../config/load-plugin.ts'
import { tryParseConfig } from '../config/parse.ts'
import { resolveVariables } from '../config/providers.ts'
import { errorKeys, parseRestartSettings } from '../runtime/index.ts'
import { openPipeline, type RecordPipeline } from '../transforms/index.ts'
import { checkOwnKeys } from './check-own-keys.ts'
import { type ConnectorClassOptions, findConnectorClass } from './connector-class.ts'
import { connectorClient } from './connector-client.ts'
import { connectorHost } from './connector-host.ts'
import { connectorKeys } from './connector-keys.ts'
import { type ComposedRun, type ComposeOptions, composeRun } from './connector-run.ts'
import { checkOverrides } from './override-policy.ts'
import { validated } from './validated.ts'
import type { WorkerOffsets } from './worker-offsets.ts'
import type { WorkerSettings } from './worker-settings.ts'

type Properties = Readonly<Record<string, string>>

export interface PrepareOptions {
  readonly worker: WorkerSettings
  readonly offsets: WorkerOffsets
  readonly plugins: PluginLoader
  /** Of this connector alone; its configuration has its variables resolved. */
  readonly injectorOf: (config: Properties) => Injector
  /** As written, with its variables. */
  readonly written: Properties
  /** Instead of what the configuration names. */
  readonly type?: ConnectorClassOptions['type'] | undefined
  /** The connector's. */
  readonly logger: Logger
}

/**
 * Looks at everything that a connector's configuration says; what is odd is warned about. What comes of it can be run; nothing is open before.
 * @throws ConfigError with every problem
 */
export async function prepareConnector(options: PrepareOptions): Promise<ComposedRun> {
  const { worker, written, logger, type } = options
  const findings = new Findings()
  const faults: ConfigProblem[] = []
  const told = (problem: ConfigProblem): void => {
    if (problem.fault === 'plugin') faults.push(problem)
    else findings.problem(problem.key, problem.value, problem.message)
  }
  const config = resolveVariables(written, worker.providers, ({ key, variable, reason }) =>
    findings.warning(key, written[key], `${variable} stands as it is: ${reason}`),
  )
  const injector = options.injectorOf(config)
  injector.provide(HOST, () => connectorHost({ ...options, injector, config }))
  const withClass = type === undefined ? config : { 'connector.class': type.name, ...config }
  const common = tryParseConfig(connectorKeys, withClass, told)
  tryParseConfig(errorKeys, config, told)
  checkOverrides(worker.config.overridePolicy, config, findings)
  const restart = await attempt(() => parseRestartSettings(worker.properties, config), told)
  const found = await attempt(() => findConnectorClass({ ...options, injector, config }), told)
  const pipeline = await checkedPipeline({ ...options, injector }, config, told)
  let composed: ComposedRun | undefined
  if (found !== undefined) {
    checkOwnKeys(found, config, findings)
    const own = await validated(found, config)
    own.problems.forEach(told)
    for (const { key, value, message } of own.warnings) findings.warning(key, value, message)
    const client = connectorClient(found.kind === 'source' ? 'producer' : 'consumer', worker, config, findings)
    const hasDeadLetters = found.kind === 'sink' && Boolean(config['errors.deadletterqueue.topic.name']?.trim())
    const parts: ComposeOptions = {
      ...options,
      name: common?.name ?? '',
      config,
      maxTasks: common?.['tasks.max'] ?? 1,
      class: found,
      client: client ?? worker.client,
      deadLetterClient: hasDeadLetters ? connectorClient('producer', worker, config, findings) : undefined,
      restart: restart ?? worker.restart,
      openPipeline: pipeline,
    }
    composed = await attempt(
      () => composeRun(parts),
      problem => told(namedAsWritten(problem, config)),
    )
  }
  for (const { key, value, message } of findings.warnings) logger.warn({ key, value }, `${key}: ${message}`)
  const problems = [...findings.problems, ...faults]
  if (problems.length === 0 && composed !== undefined) return composed
  await composed?.close()
  throw new ConfigError(problems)
}

/** Makes converters and transforms once, to see whether they can be. */
async function checkedPipeline(
  { plugins, injector, worker }: PrepareOptions & { readonly injector: Injector },
  config: Properties,
  told: (problem: ConfigProblem) => void,
): Promise<ComposeOptions['openPipeline']> {
  const converters = ['key.converter', 'value.converter'].map(key => config[key] ?? (worker.properties[key] || undefined))
  if (converters.every(value => value === undefined) && (config.transforms ?? '').trim() === '') return undefined
  const open = (services: PluginServices): Promise<RecordPipeline> => openPipeline(services, config, worker.properties)
  const pipeline = await attempt(() => open({ plugins, injector, logger: injector.resolve(LOGGER) }), told)
  await pipeline?.close()
  return taskLogger => open({ plugins, injector, logger: taskLogger })
}

/** What a connector's client has from the worker is told by the worker's key. */
function namedAsWritten(problem: ConfigProblem, config: Properties): ConfigProblem {
  if (config[problem.key] !== undefined || problem.value === undefined) return problem
  return { ...problem, key: problem.key.replace(/^(producer|consumer)\.override\./, '$1.') }
}

async function attempt<T>(job: () => T | Promise<T>, told: (problem: ConfigProblem) => void): Promise<T | undefined> {
  try {
    return await job()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    error.problems.forEach(told)
    return undefined
  }
}
