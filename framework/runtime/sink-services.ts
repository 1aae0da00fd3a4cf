import type { Logger } from '../api/index.ts'
import type { ClientSettings } from '../kafka/client-settings.ts'
import type { TopicSelection } from '../kafka/consumer-group/options.ts'
import type { RecordPipeline } from '../transforms/index.ts'
import type { DeadLetterSettings } from './dead-letter-config.ts'
import type { ErrorConfig } from './record-error-config.ts'
import { parseSinkConfig } from './sink-config.ts'
import { type SinkTaskSettings, sinkGroupId } from './sink-settings.ts'
import type { TraceOptions } from './trace-options.ts'

/** What sink tasks read from. */
export interface SinkServices {
  readonly client: Pick<ClientSettings, 'bootstrapServers'> & Partial<ClientSettings>
  readonly groupId: string
  readonly selection: TopicSelection
  readonly settings: SinkTaskSettings
  /** The converters and transforms of one task run, closed by the runtime. Absent = tasks read bytes, and cannot read values. */
  readonly openPipeline?: (logger: Logger) => Promise<RecordPipeline>
  /** What is done about records that fail; nothing is passed over by default. */
  readonly errors?: ErrorConfig
  /** Where records go that cannot be converted, transformed or written. Absent = they are not kept. */
  readonly deadLetters?: DeadLetterSettings
  /** How the dead-letter topic is written to: as the records are read by default. */
  readonly deadLetterClient?: SinkServices['client']
  /** How batches are traced, where the process has a tracer provider when the task starts; absent = they are not. */
  readonly trace?: TraceOptions
}

export interface SinkServicesOptions extends Pick<SinkServices, 'client' | 'openPipeline' | 'deadLetterClient' | 'trace'> {
  readonly connectorName: string
  /** Of the connector: what it has of `sinkKeys` and `errorKeys` counts. */
  readonly config: Readonly<Record<string, string>>
  /** Beside or instead of what the configuration says. */
  readonly settings?: Partial<SinkTaskSettings>
  readonly logger: Logger
}

/** What a sink connector runs on. Nothing is opened before its tasks start. Throws `ConfigError`. */
export const sinkServices = (options: SinkServicesOptions): SinkServices => {
  const { client, connectorName, config, settings, openPipeline, deadLetterClient, trace, logger } = options
  const { groupId = sinkGroupId(connectorName), selection, errors, deadLetters, settings: ofConfig } = parseSinkConfig(config)
  if (deadLetters !== undefined && errors.settings.tolerance === 'none') {
    const { topic } = deadLetters
    const message = `Records of ${connectorName} that fail go to ${topic} and fail the task, again each time it is started: set errors.tolerance = all to go on without them`
    logger.warn({ key: 'errors.tolerance' }, message)
  }
  return {
    client,
    groupId,
    selection,
    settings: { ...ofConfig, ...settings },
    errors,
    ...(openPipeline && { openPipeline }),
    ...(deadLetters && { deadLetters }),
    ...(deadLetterClient && { deadLetterClient }),
    ...(trace && { trace }),
  }
}
