import type { ClientSettings } from '../kafka/client-settings.ts'
import type { TopicSelection } from '../kafka/consumer-group/options.ts'
import { parseSinkConfig } from './sink-config.ts'
import type { StoreErrant } from './sink-context.ts'
import { type SinkTaskSettings, sinkGroupId } from './sink-settings.ts'

/** What sink tasks read from. */
export interface SinkServices {
  readonly client: Pick<ClientSettings, 'bootstrapServers'> & Partial<ClientSettings>
  readonly groupId: string
  readonly selection: TopicSelection
  readonly settings: SinkTaskSettings
  /** Absent = tasks have no reporter of errant records. */
  readonly storeErrant?: StoreErrant
}

export interface SinkServicesOptions extends Pick<SinkServices, 'client' | 'storeErrant'> {
  readonly connectorName: string
  /** Of the connector: what it has of `sinkKeys` counts. */
  readonly config: Readonly<Record<string, string>>
  /** Beside or instead of what the configuration says. */
  readonly settings?: Partial<SinkTaskSettings>
}

/** What a sink connector runs on. Nothing is opened before its tasks start. Throws `ConfigError`. */
export const sinkServices = ({ connectorName, config, settings, ...rest }: SinkServicesOptions): SinkServices => {
  const parsed = parseSinkConfig(config)
  return {
    ...rest,
    groupId: parsed.groupId ?? sinkGroupId(connectorName),
    selection: parsed.selection,
    settings: { ...parsed.settings, ...settings },
  }
}
