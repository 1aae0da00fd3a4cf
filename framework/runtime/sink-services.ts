import type { ClientSettings } from '../kafka/client-settings.ts'
import type { TopicSelection } from '../kafka/consumer-group/options.ts'
import type { StoreErrant } from './sink-context.ts'
import { defaultSinkTaskSettings, type SinkTaskSettings, selectedTopics, sinkGroupId } from './sink-settings.ts'

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
  /** Its group is `connect-<connectorName>`. */
  readonly connectorName: string
  /** Of the connector: `topics` or `topics.regex`. */
  readonly config: Readonly<Record<string, string>>
  readonly settings?: Partial<SinkTaskSettings>
}

/** What a sink connector of one's own runs on. Nothing is opened before its tasks start. Throws `ConfigError`. */
export const sinkServices = ({ connectorName, config, settings, ...rest }: SinkServicesOptions): SinkServices => ({
  ...rest,
  groupId: sinkGroupId(connectorName),
  selection: selectedTopics(config),
  settings: { ...defaultSinkTaskSettings, ...settings },
})
