import type { Logger } from '../api/index.ts'
import type { ClientSettings } from '../kafka/client-settings.ts'
import type { TopicSelection } from '../kafka/consumer-group/options.ts'
import type { RecordPipeline } from '../transforms/index.ts'
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
  /** How batches are traced, where the process has a tracer provider when the task starts; absent = they are not. */
  readonly trace?: TraceOptions
}

export interface SinkServicesOptions extends Pick<SinkServices, 'client' | 'openPipeline' | 'trace'> {
  readonly connectorName: string
  /** Of the connector: what it has of `sinkKeys` and `errorKeys` counts. */
  readonly config: Readonly<Record<string, string>>
  /** Beside or instead of what the configuration says. */
  readonly settings?: Partial<SinkTaskSettings>
  readonly logger: Logger
}

/** What a sink connector runs on. Nothing is opened before its tasks start. Throws `ConfigError`. */
export const sinkServices = ({ connectorName, config, settings, ...rest }: SinkServicesOptions): SinkServices => {
  const parsed = parseSinkConfig(config)
  const { client, openPipeline, trace } = rest
  return {
    client,
    ...(openPipeline && { openPipeline }),
    ...(trace && { trace }),
    groupId: parsed.groupId ?? sinkGroupId(connectorName),
    selection: parsed.selection,
    settings: { ...parsed.settings, ...settings },
  }
}
