import type { Logger, MetricSource, StatusReport } from '../api/index.ts'
import type { Injector } from '../api/injection.ts'
import { propertiesOfEnvironment } from '../config/connect/environment.ts'
import type { ConnectorType } from '../herder/connector-class.ts'
import { Standalone } from '../herder/standalone.ts'
import type { ConnectorDescription, RestartOptions, TargetState, WorkerHealth, WorkerStatus } from '../runtime/index.ts'
import { createLogger, LogLevels } from '../telemetry/index.ts'
import { createInjector } from './injector.ts'
import { PluginRegistry } from './plugins.ts'
import { pluginFolders, registerBuiltIns } from './register-built-ins.ts'

type Properties = Readonly<Record<string, string>>

export interface ConnectOptions {
  /** Properties of the worker, under Kafka Connect's names: `bootstrap.servers`, `value.converter`, `offset.storage.file.filename`, … */
  readonly worker: Properties
  /** Variables `CONNECT_…` that win over `worker`; none by default. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What classes may have injected, besides the worker's own services: `createInjector(container)`. */
  readonly injector?: Injector
  /** Classes known by name, besides those that come with the package. */
  readonly plugins?: PluginRegistry
  /** Where modules and packages that a configuration names are looked for; the current folder by default. */
  readonly folders?: readonly string[]
  /** One of its own by default, with the levels that `isthmus.log.levels` says. */
  readonly logger?: Logger
}

/** A Connect worker in this process. */
export interface Connect {
  /**
   * Starts a connector: `name`, `connector.class` unless its class is given, and its own keys. Resolves when it and its first tasks run or have
   * failed to: the status tells. @throws ConfigError with every problem; ConnectError CONNECTOR_EXISTS
   */
  start(config: Properties, type?: ConnectorType | null, initialState?: TargetState): Promise<void>
  /** Looks at a connector's configuration without starting it. @throws ConfigError with every problem */
  check(config: Properties, type?: ConnectorType | null): Promise<void>
  /** Ends a connector and forgets it. */
  remove(name: string): Promise<void>
  pause(name: string): Promise<void>
  /** Ends its tasks until it is resumed. */
  suspend(name: string): Promise<void>
  resume(name: string): Promise<void>
  restart(name: string, options?: RestartOptions): Promise<void>
  status(): WorkerStatus
  health(): WorkerHealth
  /** What there is to tell of it, with what happened lately: what `isthmus` serves at `/status`. @param program as `my-program/1.0` */
  report(program: string): StatusReport
  /** For `prometheusText`, or `registerInstruments` with a meter of one's own. */
  metrics(): MetricSource
  /** Each change of a state. */
  readonly status$: Standalone['worker']['status$']
  /** Its configuration as it was written, and those of its tasks. */
  describe(name: string): ConnectorDescription
  /** Drains, stores offsets and stops, at the latest after `task.shutdown.graceful.timeout.ms`. */
  stop(): Promise<void>
  /** Waits for nothing. */
  stopNow(): void
}

/**
 * Opens a Connect worker, in ten lines of a program of one's own:
 *
 *     const connect = await openConnect({ worker: readPropertiesFile('worker.properties') })
 *     await connect.start({ name: 'lines', file: 'a.txt', topic: 'lines' }, FileStreamSourceConnector)
 *     …
 *     await connect.stop()
 *
 * @throws ConfigError with every problem of the worker's properties
 */
export async function openConnect(options: ConnectOptions): Promise<Connect> {
  const { worker, env = {}, injector = createInjector(), plugins = new PluginRegistry(), folders = [process.cwd()] } = options
  const properties = { ...worker, ...propertiesOfEnvironment(env) }
  registerBuiltIns(plugins)
  const levels = new LogLevels()
  const standalone = await Standalone.open({
    properties,
    plugins: plugins.loader([...folders, ...pluginFolders(properties)]),
    injector,
    logger: options.logger ?? createLogger({ levels }),
  })
  levels.begin(standalone.logLevels)
  const running = standalone.worker
  const prepare = (config: Properties, type: ConnectorType | null = null) =>
    standalone.prepare(config, { type: type ?? undefined })
  return {
    start: async (config, type, initialState) => standalone.start(await prepare(config, type), initialState),
    check: async (config, type) => (await prepare(config, type)).close(),
    remove: name => standalone.remove(name),
    pause: name => running.pauseConnector(name),
    suspend: name => running.suspendConnector(name),
    resume: name => running.resumeConnector(name),
    restart: (name, restart) => running.restartConnector(name, restart),
    status: () => standalone.status(),
    health: () => running.health(),
    report: program => standalone.report(program),
    metrics: () => standalone.metrics(),
    status$: running.status$,
    describe: name => standalone.describe(name),
    stop: () => standalone.stop(),
    stopNow: () => standalone.stopNow(),
  }
}
