export { type PolicyClass, type PolicyClassName, policyAliases } from './aliases.ts'
export {
  type ConfigPropertyFilter,
  DEFAULT_CONFIG_PROPERTIES_EXCLUDE,
  DefaultConfigPropertyFilter,
} from './config-property-filter.ts'
export { DefaultReplicationPolicy, type SeparatorOptions } from './default-replication-policy.ts'
export { DEFAULT_GROUPS, DEFAULT_GROUPS_EXCLUDE, DefaultGroupFilter, type GroupFilter } from './group-filter.ts'
export { type IdentityOptions, IdentityReplicationPolicy } from './identity-replication-policy.ts'
export { isCycle } from './is-cycle.ts'
export { compileJavaPattern, type JavaPattern, JavaRegexError } from './java-regex.ts'
export { PatternList, PatternListError, splitList } from './pattern-list.ts'
export { BaseReplicationPolicy, type PolicyProperties, type ReplicationPolicy } from './replication-policy.ts'
export { shouldReplicateTopic, type TopicSelection } from './should-replicate-topic.ts'
export { DEFAULT_TOPICS, DEFAULT_TOPICS_EXCLUDE, DefaultTopicFilter, type TopicFilter } from './topic-filter.ts'
