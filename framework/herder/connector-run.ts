import type { Logger } from '../api/index.ts'
import { type ConnectorRun, type SourceServices, sinkServices, sourceServices, type TargetState } from '../runtime/index.ts'
import type { PreparedConnector } from './prepare-connector.ts'
import type { WorkerOffsets } from './worker-offsets.ts'
import type { WorkerSettings } from './worker-settings.ts'

/** A connector ready for the worker, and what to close once it has ended. */
export interface ComposedRun {
  readonly run: ConnectorRun
  close(): Promise<void>
}

export interface ComposeOptions {
  readonly worker: WorkerSettings
  readonly offsets: WorkerOffsets
  readonly prepared: PreparedConnector
  readonly initialState: TargetState
  readonly logger: Logger
  /** Aborted = give up opening. */
  readonly signal: AbortSignal
}

/** @throws ConfigError; ConnectError when the place of the offsets cannot be used */
export async function composeRun(options: ComposeOptions): Promise<ComposedRun> {
  const { worker, prepared, initialState, logger, offsets, signal } = options
  const { name, config, written, maxTasks, restart, client, openPipeline } = prepared
  const { offsetFlushIntervalMs, offsetFlushTimeoutMs, taskShutdownGracefulTimeoutMs, topicCreationEnable } = worker.config
  const settings = {
    flushIntervalMs: offsetFlushIntervalMs,
    flushTimeoutMs: offsetFlushTimeoutMs,
    gracefulTimeoutMs: taskShutdownGracefulTimeoutMs,
  }
  const common = { name, config, rawConfig: written, maxTasks, restart, initialState }
  const pipeline = openPipeline === undefined ? {} : { openPipeline }
  if (prepared.class.kind === 'sink') {
    const services = sinkServices({ client, connectorName: name, config, settings, logger, ...pipeline })
    return { run: { ...common, kind: 'sink', createConnector: prepared.class.make, services }, close: async () => undefined }
  }
  const services: SourceServices = sourceServices({
    client,
    connectorName: name,
    config,
    offsetStore: await offsets.forConnector(name, signal),
    settings,
    topicCreation: topicCreationEnable ? 'enabled' : 'disabled',
    logger,
    ...pipeline,
  })
  return { run: { ...common, kind: 'source', createConnector: prepared.class.make, services }, close: () => services.close() }
}
