import { type ConfigDefinition, ConfigError, type ConfigProblem, type Logger } from '../api/index.ts'
import type { Injector } from '../api/injection.ts'
import type { PluginLoader } from '../api/plugin.ts'
import { Findings, type Reporter } from '../config/findings.ts'
import type { PluginServices } from '../config/load-plugin.ts'
import { didYouMean } from '../config/nearest.ts'
import { tryParseConfig } from '../config/parse.ts'
import { resolveVariables } from '../config/providers.ts'
import type { ClientSettings } from '../kafka/client-settings.ts'
import { errorKeys, parseRestartSettings, type RestartSettings, restartKeys, sinkKeys, sourceKeys } from '../runtime/index.ts'
import { openPipeline, type RecordPipeline } from '../transforms/index.ts'
import { type ConnectorClass, type ConnectorClassOptions, findConnectorClass } from './connector-class.ts'
import { connectorClient } from './connector-client.ts'
import { connectorKeys, connectorPrefixes } from './connector-keys.ts'
import { checkOverrides } from './override-policy.ts'
import type { WorkerSettings } from './worker-settings.ts'

type Properties = Readonly<Record<string, string>>

export interface PrepareOptions {
  readonly worker: WorkerSettings
  readonly plugins: PluginLoader
  /** Of this connector alone; its configuration has its variables resolved. */
  readonly injectorOf: (config: Properties) => Injector
  /** As written, with its variables. */
  readonly written: Properties
  /** Instead of what `connector.class` names. */
  readonly type?: ConnectorClassOptions['type'] | undefined
  readonly importLimitMs: number
  readonly logger: Logger
}

/** A connector whose configuration is sound. */
export interface PreparedConnector {
  readonly name: string
  readonly written: Properties
  /** Variables resolved. */
  readonly config: Properties
  readonly maxTasks: number
  readonly class: ConnectorClass
  readonly client: ClientSettings
  readonly restart: RestartSettings
  /** Undefined = neither converters nor transforms are configured: records are bytes. */
  readonly openPipeline: ((logger: Logger) => Promise<RecordPipeline>) | undefined
}

/**
 * Looks at everything that a connector's configuration says; what is odd is warned about.
 * @throws ConfigError with every problem
 */
export async function prepareConnector(options: PrepareOptions): Promise<PreparedConnector> {
  const { worker, written, logger } = options
  const findings = new Findings()
  const config = resolveVariables(written, worker.providers, ({ key, variable, reason }) =>
    findings.warning(key, written[key], `${variable} stands as it is: ${reason}`),
  )
  const injector = options.injectorOf(config)
  const common = tryParseConfig(connectorKeys, withClass(config, options), told(findings))
  const found = await attempt(() => findConnectorClass({ ...options, injector, config }), findings)
  checkOverrides(worker.config.overridePolicy, config, findings)
  const restart = await attempt(async () => parseRestartSettings(worker.properties, config), findings)
  tryParseConfig(errorKeys, config, told(findings))
  if (found !== undefined) checkOwnKeys(found, config, findings)
  const client = found && connectorClient(found.kind === 'source' ? 'producer' : 'consumer', worker, config, findings)
  const pipeline = await checkedPipeline({ ...options, injector }, config, findings)
  for (const { key, value, message } of findings.warnings) logger.warn({ key, value }, `${key}: ${message}`)
  if (findings.problems.length > 0) throw new ConfigError(findings.problems)
  if (common === undefined || found === undefined || client === undefined || restart === undefined) throw new ConfigError([])
  return {
    name: common.name,
    written,
    config,
    maxTasks: common['tasks.max'],
    class: found,
    client,
    restart,
    openPipeline: pipeline,
  }
}

function withClass(config: Properties, { type }: PrepareOptions): Properties {
  return type === undefined ? config : { 'connector.class': type.name, ...config }
}

/** The keys of its kind and its own: values that cannot be, and names that nobody knows. */
function checkOwnKeys({ kind, sample }: ConnectorClass, config: Properties, report: Reporter): void {
  const ofKind: ConfigDefinition = kind === 'source' ? sourceKeys : sinkKeys
  const own = (sample.definition as ConfigDefinition | undefined) ?? {}
  tryParseConfig(own, config, told(report))
  const known = [
    ...Object.keys(connectorKeys),
    ...Object.keys(errorKeys),
    ...Object.keys(restartKeys),
    ...Object.keys(ofKind),
    ...Object.keys(own),
  ]
  for (const [key, value] of Object.entries(config)) {
    if (known.includes(key) || connectorPrefixes.some(prefix => key.startsWith(prefix))) continue
    report.warning(key, value, `is not known to ${sample.constructor.name} and has no effect${didYouMean(key, known)}`)
  }
}

/** Makes converters and transforms once, to see whether they can be. */
async function checkedPipeline(
  { plugins, injector, worker, logger }: PrepareOptions & { readonly injector: Injector },
  config: Properties,
  report: Reporter,
): Promise<PreparedConnector['openPipeline']> {
  const converters = ['key.converter', 'value.converter'].map(key => config[key] ?? (worker.properties[key] || undefined))
  if (converters.every(value => value === undefined) && (config.transforms ?? '').trim() === '') return undefined
  const open = (services: PluginServices): Promise<RecordPipeline> => openPipeline(services, config, worker.properties)
  const pipeline = await attempt(() => open({ plugins, injector, logger }), report)
  await pipeline?.close()
  return (taskLogger: Logger) => open({ plugins, injector, logger: taskLogger })
}

async function attempt<T>(job: () => Promise<T>, report: Reporter): Promise<T | undefined> {
  try {
    return await job()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    error.problems.forEach(told(report))
    return undefined
  }
}

function told(report: Reporter): (problem: ConfigProblem) => void {
  return ({ key, value, message }) => report.problem(key, value, message)
}
