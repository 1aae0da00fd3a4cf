import { metrics, trace } from '@opentelemetry/api'
import {
  CLOCK,
  type Clock,
  CONFIG,
  ConfigError,
  LOGGER,
  type Logger,
  METER,
  type MetricSource,
  OFFSETS,
  type StatusReport,
  TRACER,
} from '../api/index.ts'
import type { Injector } from '../api/injection.ts'
import type { PluginLoader } from '../api/plugin.ts'
import { Findings } from '../config/findings.ts'
import { sleep } from '../flow/index.ts'
import { type ConnectorDescription, healthOf, type TargetState, Worker, type WorkerStatus } from '../runtime/index.ts'
import { WorkerMetricsSource } from '../runtime/metrics/index.ts'
import { partitionEvent, StatusEvents, WorkerWatch, workerReport } from '../runtime/status-report/index.ts'
import { connectorComponent, inComponent, withLogContext } from '../telemetry/index.ts'
import type { ConnectorType } from './connector-class.ts'
import type { ComposedRun } from './connector-run.ts'
import { limitedPlugins } from './limited-plugins.ts'
import { prepareConnector } from './prepare-connector.ts'
import { checkConverters } from './worker-converters.ts'
import { openWorkerOffsets, type WorkerOffsets } from './worker-offsets.ts'
import { readWorkerSettings, type WorkerSettings } from './worker-settings.ts'

type Properties = Readonly<Record<string, string>>

export interface StandaloneOptions {
  /** Of the worker, as written. */
  readonly properties: Properties
  readonly plugins: PluginLoader
  /** What it provides wins over the worker's own services. */
  readonly injector: Injector
  readonly logger: Logger
  /** How long a module that a configuration names may take to load; 10 s by default. */
  readonly importLimitMs?: number
}

export interface PrepareConnectorOptions {
  /** A connector's class, instead of what `connector.class` names. */
  readonly type?: ConnectorType | undefined
  /** Instead of the worker's: where modules that its configuration names are looked for. */
  readonly plugins?: PluginLoader | undefined
}

const IMPORT_LIMIT_MS = 10_000
const REAL_CLOCK: Clock = { now: () => Date.now(), sleep }

/** A worker by itself: the connectors that it is given, with the converters, offsets and clients that its properties say. */
export class Standalone {
  readonly worker: Worker
  readonly #options: StandaloneOptions
  readonly #settings: WorkerSettings
  readonly #offsets: WorkerOffsets
  readonly #runs = new Map<string, ComposedRun>()
  readonly #stopping: AbortController
  readonly startedMs = Date.now()
  readonly #events = new StatusEvents()
  readonly #watch = new WorkerWatch((event, atMs) => this.#events.add(event, atMs))

  private constructor(given: StandaloneOptions, settings: WorkerSettings, offsets: WorkerOffsets, stopping: AbortController) {
    const options = { ...given, logger: inComponent(given.logger, 'isthmus.runtime') }
    this.#options = options
    this.#settings = settings
    this.#offsets = offsets
    this.#stopping = stopping
    this.worker = new Worker({
      restart: settings.restart,
      gracefulTimeoutMs: settings.config.taskShutdownGracefulTimeoutMs,
      logContexts: true,
      logger: options.logger,
    })
    this.#follow(options.logger)
  }

  /** Opens nothing but the file of offsets. @throws ConfigError with every problem of the properties */
  static async open(options: StandaloneOptions): Promise<Standalone> {
    const findings = new Findings()
    const settings = readWorkerSettings(options.properties, findings)
    const plugins = limitedPlugins(options.plugins, options.importLimitMs ?? IMPORT_LIMIT_MS)
    await checkConverters({ ...options, plugins }, settings?.properties ?? options.properties, findings)
    const logger = inComponent(options.logger, 'isthmus.runtime')
    for (const { key, value, message } of findings.warnings) logger.warn({ key, value }, `${key}: ${message}`)
    if (settings === undefined || findings.problems.length > 0) throw new ConfigError(findings.problems)
    const stopping = new AbortController()
    return new Standalone(options, settings, await openWorkerOffsets(settings, options.logger, stopping.signal), stopping)
  }

  /** Looks at a connector without starting it: what comes of it is started, or closed. @throws ConfigError with every problem */
  prepare(written: Properties, { type, plugins = this.#options.plugins }: PrepareConnectorOptions = {}): Promise<ComposedRun> {
    const { name = '' } = written
    const logger = withLogContext(this.#options.logger.child({ connector: name }), `${name}|worker`)
    return prepareConnector({
      worker: this.#settings,
      offsets: this.#offsets,
      plugins: limitedPlugins(plugins, this.#options.importLimitMs ?? IMPORT_LIMIT_MS),
      injectorOf: config => this.#injectorOf(config, inComponent(logger, connectorComponent(name))),
      written,
      logger,
      type,
    })
  }

  /**
   * Starts a connector. Resolves when it and its first tasks run or have failed to: the status tells.
   * @throws ConnectError CONNECTOR_EXISTS
   */
  async start(prepared: ComposedRun, initialState: TargetState = 'RUNNING'): Promise<void> {
    const { name } = prepared.run
    try {
      await this.worker.startConnector({ ...prepared.run, initialState })
      this.#runs.set(name, prepared)
    } catch (error) {
      await prepared.close()
      throw error
    }
  }

  /** Ends a connector and forgets it. */
  async remove(name: string): Promise<void> {
    await this.worker.stopConnector(name)
    const run = this.#runs.get(name)
    this.#runs.delete(name)
    await run?.close()
  }

  /** `isthmus.http.listen`; `none` = nobody listens. */
  get listen(): string {
    return this.#settings.observe.listen
  }

  /** `isthmus.log.levels` */
  get logLevels(): WorkerSettings['observe']['logLevels'] {
    return this.#settings.observe.logLevels
  }

  /** All that the worker can be measured by. */
  metrics(): MetricSource {
    const { partitions: shown, partitionsMax: max } = this.#settings.observe
    return new WorkerMetricsSource({ status: () => this.status() }, { shown, max })
  }

  status(): WorkerStatus {
    return this.worker.status()
  }

  /** What there is to tell of it, with what happened lately. @param program `isthmus/0.1.0` */
  report(program: string): StatusReport {
    const { startedMs } = this
    const status = this.status()
    this.#watch.look(status)
    return workerReport({ program, startedMs, status, health: healthOf(status), events: this.#events })
  }

  describe(name: string): ConnectorDescription {
    return this.worker.describe(name)
  }

  /** Drains, commits and stops everything within `task.shutdown.graceful.timeout.ms`, then closes what connectors shared. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.worker.stop()
    await Promise.all([...this.#runs.values()].map(run => run.close()))
    await this.#offsets.close()
  }

  stopNow(): void {
    this.#stopping.abort()
    this.worker.stopNow()
  }

  #follow(logger: Logger): void {
    const error = (cause: unknown): void => logger.error({ error: cause }, 'Events of the worker are not followed any more')
    this.worker.status$.subscribe({ next: status => this.#watch.look(status), error })
    this.worker.partitionEvent$.subscribe({
      next: ({ connector, happening }) => this.#events.add(partitionEvent(happening, connector)),
      error,
    })
  }

  #injectorOf(config: Properties, logger: Logger): Injector {
    const injector = this.#options.injector.child()
    const provided = this.#options.injector
    injector.provide(LOGGER, () => logger)
    injector.provide(CONFIG, () => config)
    injector.provide(OFFSETS, () => {
      const store = this.#offsets.forConnector(config.name ?? '')
      return partitions => store.load(partitions)
    })
    if (!provided.has(METER)) injector.provide(METER, () => metrics.getMeter('isthmus'))
    if (!provided.has(TRACER)) injector.provide(TRACER, () => trace.getTracer('isthmus'))
    if (!provided.has(CLOCK)) injector.provide(CLOCK, () => REAL_CLOCK)
    return injector
  }
}
