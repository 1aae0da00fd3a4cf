import type { Logger } from '../api/index.ts'
import type { ClientSettings } from '../kafka/client-settings.ts'
import {
  type ConnectorRun,
  type OwnTraces,
  type RestartSettings,
  sinkKeys,
  sinkServices,
  sourceKeys,
  sourceServices,
  type TraceOptions,
} from '../runtime/index.ts'
import { SpanAttribute, traceSettings } from '../telemetry/index.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { ConnectorClass } from './connector-class.ts'
import type { WorkerOffsets } from './worker-offsets.ts'
import type { WorkerSettings } from './worker-settings.ts'

type Properties = Readonly<Record<string, string>>

/** A connector ready for the worker, and what to close once it has ended. */
export interface ComposedRun {
  readonly run: ConnectorRun
  close(): Promise<void>
}

export interface ComposeOptions {
  readonly worker: WorkerSettings
  readonly offsets: WorkerOffsets
  readonly name: string
  readonly written: Properties
  /** Variables resolved. */
  readonly config: Properties
  readonly maxTasks: number
  readonly class: ConnectorClass
  readonly client: ClientSettings
  /** Of a sink: how it writes to its dead-letter topic. */
  readonly deadLetterClient?: ClientSettings | undefined
  readonly restart: RestartSettings
  /** Undefined = neither converters nor transforms are configured: records are bytes. */
  readonly openPipeline: ((logger: Logger) => Promise<RecordPipeline>) | undefined
  readonly logger: Logger
}

/** Opens nothing. @throws ConfigError with what the configuration lacks for a connector of its kind */
export function composeRun(options: ComposeOptions): ComposedRun {
  const { worker, name, config, written, maxTasks, restart, client, deadLetterClient, openPipeline, logger, offsets } = options
  const { offsetFlushIntervalMs, offsetFlushTimeoutMs, taskShutdownGracefulTimeoutMs, topicCreationEnable } = worker.config
  const settings = {
    flushIntervalMs: offsetFlushIntervalMs,
    flushTimeoutMs: offsetFlushTimeoutMs,
    gracefulTimeoutMs: taskShutdownGracefulTimeoutMs,
  }
  const common = { name, config, rawConfig: written, maxTasks, restart }
  const forServices = { ...clientDefaults(options.class.kind, worker.properties), ...config }
  const shared = { trace: { ...tracesOf(worker, name), ...ownTraces(options.class) }, ...(openPipeline && { openPipeline }) }
  if (options.class.kind === 'sink') {
    const letters = deadLetterClient && { deadLetterClient }
    const services = sinkServices({ client, connectorName: name, config: forServices, settings, logger, ...shared, ...letters })
    return { run: { ...common, kind: 'sink', createConnector: options.class.make, services }, close: async () => undefined }
  }
  const services = sourceServices({
    client,
    connectorName: name,
    config: forServices,
    offsetStore: offsets.forConnector(name),
    settings,
    topicCreation: topicCreationEnable ? 'enabled' : 'disabled',
    logger,
    ...shared,
  })
  const run = {
    ...common,
    kind: 'source',
    createConnector: options.class.make,
    services,
    partitions: services.partitions,
  } as const
  return { run, close: () => services.close() }
}

/** What the worker says of the clients of connectors, `consumer.max.poll.records`, as a connector would, `consumer.override.max.poll.records`. */
function clientDefaults(kind: ConnectorClass['kind'], worker: Properties): Properties {
  const client = kind === 'source' ? 'producer' : 'consumer'
  const override = `${client}.override.`
  const keys = Object.keys(kind === 'source' ? sourceKeys : sinkKeys)
  const settings = keys.flatMap(key =>
    key.startsWith(override) && key !== GROUP ? [[key, worker[`${client}.${key.slice(override.length)}`]]] : [],
  )
  return Object.fromEntries(settings.filter(([, value]) => value !== undefined))
}

/** All sinks of a worker in one group would share each other's partitions. */
const GROUP = 'consumer.override.group.id'

function ownTraces({ sample }: ConnectorClass): OwnTraces {
  return (sample as { readonly traces?: OwnTraces }).traces ?? {}
}

function tracesOf({ config }: WorkerSettings, name: string): TraceOptions {
  const settings = traceSettings({
    'isthmus.trace.ratio': config.traceRatio,
    'isthmus.trace.slow.ms': config.traceSlowMs,
    'isthmus.trace.links': config.traceLinks,
  })
  return { settings, attributes: { [SpanAttribute.connector]: name } }
}
