import type { ConfigChange, TopicConfigEntry } from '../../../framework/kafka/admin/configs.ts'
import type { ConfigPropertyFilter } from '../../../policies/index.ts'

/** Values that come from the static settings of brokers are theirs, and read-only or secret ones cannot be set. */
const isOwn = (entry: TopicConfigEntry, filter: ConfigPropertyFilter): boolean =>
  !entry.readOnly && !entry.sensitive && entry.source !== 'static-broker' && filter.shouldReplicateConfigProperty(entry.name)

const useSourceDefault = (entry: TopicConfigEntry, filter: ConfigPropertyFilter): boolean =>
  filter.shouldReplicateSourceDefault?.(entry.name) ?? false

/** The settings a new remote topic is created with. */
export const newTopicConfig = (entries: readonly TopicConfigEntry[], filter: ConfigPropertyFilter): Record<string, string> => {
  const config: Record<string, string> = {}
  for (const entry of entries) {
    if (entry.value === null || !isOwn(entry, filter)) continue
    if (entry.source === 'default' && !useSourceDefault(entry, filter)) continue
    config[entry.name] = entry.value
  }
  return config
}

/** What brings an existing remote topic in step: values set as on the source, defaults taken back (or set, where the filter asks for the source's). */
export const topicConfigChanges = (entries: readonly TopicConfigEntry[], filter: ConfigPropertyFilter): ConfigChange[] =>
  entries
    .filter(entry => isOwn(entry, filter))
    .map(entry => ({
      name: entry.name,
      value: entry.source === 'default' && !useSourceDefault(entry, filter) ? null : entry.value,
    }))
