import { metrics, trace } from '@opentelemetry/api'
import { CLOCK, type Clock, CONFIG, ConfigError, LOGGER, type Logger, METER, OFFSETS, TRACER } from '../api/index.ts'
import type { Injector } from '../api/injection.ts'
import type { PluginLoader } from '../api/plugin.ts'
import { Findings } from '../config/findings.ts'
import { sleep } from '../flow/index.ts'
import { type ConnectorDescription, type TargetState, Worker, type WorkerStatus } from '../runtime/index.ts'
import type { ConnectorClassOptions } from './connector-class.ts'
import { type ComposedRun, composeRun } from './connector-run.ts'
import { type PreparedConnector, prepareConnector } from './prepare-connector.ts'
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
  /** How long the module of a connector may take to load; 30 s by default. */
  readonly importLimitMs?: number
}

export interface AddOptions {
  /** A connector's class, instead of what `connector.class` names. */
  readonly type?: ConnectorClassOptions['type']
  readonly initialState?: TargetState
}

const IMPORT_LIMIT_MS = 30_000
const REAL_CLOCK: Clock = { now: () => Date.now(), sleep }

/** A worker by itself: the connectors that it is given, with the converters, offsets and clients that its properties say. */
export class Standalone {
  readonly worker: Worker
  readonly #options: StandaloneOptions
  readonly #settings: WorkerSettings
  readonly #offsets: WorkerOffsets
  readonly #runs = new Map<string, ComposedRun>()
  readonly #stopping = new AbortController()

  private constructor(options: StandaloneOptions, settings: WorkerSettings, offsets: WorkerOffsets) {
    this.#options = options
    this.#settings = settings
    this.#offsets = offsets
    this.worker = new Worker({
      restart: settings.restart,
      gracefulTimeoutMs: settings.config.taskShutdownGracefulTimeoutMs,
      logContexts: true,
      logger: options.logger,
    })
  }

  /** Opens nothing but the file of offsets. @throws ConfigError with every problem of the properties */
  static async open(options: StandaloneOptions): Promise<Standalone> {
    const findings = new Findings()
    const settings = readWorkerSettings(options.properties, findings)
    await checkConverters(options, settings?.properties ?? options.properties, findings)
    for (const { key, value, message } of findings.warnings) options.logger.warn({ key, value }, `${key}: ${message}`)
    if (settings === undefined || findings.problems.length > 0) throw new ConfigError(findings.problems)
    return new Standalone(options, settings, await openWorkerOffsets(settings, options.logger))
  }

  /** Looks at a connector without starting it. @throws ConfigError with every problem */
  prepare(written: Properties, { type }: AddOptions = {}): Promise<PreparedConnector> {
    const { plugins, logger, importLimitMs = IMPORT_LIMIT_MS } = this.#options
    const name = written.name ?? ''
    const injectorOf = (config: Properties): Injector => this.#injectorOf(config, logger.child({ connector: name }))
    return prepareConnector({
      worker: this.#settings,
      plugins,
      injectorOf,
      written,
      importLimitMs,
      logger,
      ...(type && { type }),
    })
  }

  /**
   * Starts a connector. Resolves when it and its first tasks run or have failed to: the status tells.
   * @throws ConnectError CONNECTOR_EXISTS; what the place of the offsets cannot be used for
   */
  async start(prepared: PreparedConnector, initialState: TargetState = 'RUNNING'): Promise<void> {
    const { logger } = this.#options
    const options = { worker: this.#settings, offsets: this.#offsets, prepared, initialState, signal: this.#stopping.signal }
    const composed = await composeRun({ ...options, logger: logger.child({ connector: prepared.name }) })
    try {
      await this.worker.startConnector(composed.run)
      this.#runs.set(prepared.name, composed)
    } catch (error) {
      await composed.close()
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

  status(): WorkerStatus {
    return this.worker.status()
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

  #injectorOf(config: Properties, logger: Logger): Injector {
    const injector = this.#options.injector.child()
    const provided = this.#options.injector
    injector.provide(LOGGER, () => logger)
    injector.provide(CONFIG, () => config)
    injector.provide(OFFSETS, () => async partitions => {
      const store = await this.#offsets.forConnector(config.name ?? '', this.#stopping.signal)
      return store.load(partitions)
    })
    if (!provided.has(METER)) injector.provide(METER, () => metrics.getMeter('isthmus'))
    if (!provided.has(TRACER)) injector.provide(TRACER, () => trace.getTracer('isthmus'))
    if (!provided.has(CLOCK)) injector.provide(CLOCK, () => REAL_CLOCK)
    return injector
  }
}
